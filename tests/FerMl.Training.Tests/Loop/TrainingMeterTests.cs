using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class TrainingMeterTests
{
    [Test]
    public void Read_GivesSumsSinceTheLastReading()
    {
        using var scope = NewDisposeScope();
        using var meter = new TrainingMeter(CPU);
        var logits = tensor(new float[] { 1, 0, 0, 1, 0, 1 }, 3, 2);
        meter.Add(tensor(0.5f), logits, tensor(new long[] { 0, 1, 0 }));
        meter.Add(tensor(2f), logits.narrow(0, 0, 1), tensor(new long[] { 1 }));
        Assert.That(meter.Read(), Is.EqualTo((3.5, 2L, 4)));
        Assert.That(meter.Read(), Is.EqualTo((0.0, 0L, 0)));
        meter.Add(tensor(float.NaN), logits, tensor(new long[] { 0, 1, 1 }));
        Assert.That(meter.Read().LossSum, Is.NaN);
    }

    [Test]
    public void StepsBetweenReadings_AreTheDevices_UnlessAsked()
    {
        Assert.That(TrainingMeter.StepsBetweenReadings(new(), CPU), Is.EqualTo(1));
        Assert.That(TrainingMeter.StepsBetweenReadings(new(), new Device(DeviceType.META)), Is.GreaterThan(1));
        Assert.That(TrainingMeter.StepsBetweenReadings(new() { ReportEverySteps = 7 }, CPU), Is.EqualTo(7));
    }

    [Test]
    public void Fit_ReadSeldom_TrainsTheSame_AndNamesTheStepsOfADivergence()
    {
        var options = TrainingData.Quick with { Epochs = 1 };
        var faces = TrainingData.Faces.Where(face => face.Index < 200);
        var reports = new List<StepReport>();
        using var each = TrainingData.Fit(options, faces);
        using var seldom = TrainingData.Fit(
            options with { Execution = new() { ReportEverySteps = 4, StepProgress = new Steps(reports) } }, faces);
        Assert.That(seldom.Onnx.ToArray(), Is.EqualTo(each.Onnx.ToArray()));
        Assert.That(reports.Select(report => report.Step), Is.EqualTo(new[] { 4, 5 }));
        Assert.That(seldom.History[0].TrainingLoss, Is.EqualTo(each.History[0].TrainingLoss).Within(1e-5));
        Assert.That(seldom.History[0].TrainingAccuracy, Is.EqualTo(each.History[0].TrainingAccuracy));

        // The first step changes the weights to about ten, with which twenty linear layers overflow.
        var wild = options with
        {
            Network = new NetworkDefinition("linear", [new Flatten(), .. Enumerable.Repeat(new Dense(64), 20)]),
            LearningRate = 10,
            Epochs = 9,
            Execution = new() { ReportEverySteps = 4 },
        };
        var mlContext = new MLContext(1);
        Assert.That(() => mlContext.MulticlassClassification.Trainers.Cnn(wild).Fit(TrainingData.View(mlContext, faces)),
            Throws.TypeOf<TrainingException>().With.Message.Matches("epoch [0-9], one of the [45] steps to [45] of 5: training diverged"));
    }

    private sealed class Steps(List<StepReport> reports) : IProgress<StepReport>
    {
        public void Report(StepReport value) => reports.Add(value);
    }
}
