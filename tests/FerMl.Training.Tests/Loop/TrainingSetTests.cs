using Microsoft.ML;

namespace FerMl.Training.Tests;

/// <summary>How a training prepares its faces before the first step.</summary>
public class TrainingSetTests
{
    private static readonly string[] Labels = [.. EmotionTask.Seven.Labels];

    [Test]
    public void HeldOut_HasNoFaceThatIsTrainedOnToo()
    {
        var once = TrainingData.Faces.Where(face => face.Usage == Usage.Training).Limit(140);
        var twice = FerDataset.Create("twice", [.. once.Samples.Concat(once.Samples).Select(
            face => (face.Pixels.ToArray(), face.Emotion, Usage.Training))]);
        var set = TrainingSet.Read(
            TrainingData.View(new MLContext(1), twice), Labels, TrainingData.Quick with { ValidationFraction = 0.5, Seed = 3 });
        var trained = set.Training.Select(set.KeyOf).ToHashSet();
        Assert.That(set.Validation.Count(face => trained.Contains(set.KeyOf(face))), Is.GreaterThan(10), "duplicates exist");
        Assert.That(set.ValidationWithoutDuplicates, Is.Not.Empty);
        Assert.That(set.ValidationWithoutDuplicates.Select(set.KeyOf).Intersect(trained), Is.Empty);
        Assert.That(set.ValidationKeys.Intersect(trained), Is.Empty);
        Assert.That(set.ValidationKeys, Is.Unique.And.Length.LessThan(set.ValidationWithoutDuplicates.Length), "both of some are held out");
    }

    [Test]
    public void HeldOutBefore_OfAllFaces_LeavesNoneToTrainOn_AndSaysSo()
    {
        var keys = TrainingData.Faces.Samples.Select(face => TrainingSet.KeyOf(face.Pixels)).ToHashSet();
        Assert.That(() => TrainingSet.Read(TrainingData.View(new MLContext(1)), Labels, TrainingData.Quick, keys),
            Throws.TypeOf<TrainingException>().With.Message.Contains("too few to hold 20 % of them out"));
    }

    [Test]
    public void PixelStatistics_LeaveOutWhatIsHeldOut()
    {
        var set = TrainingSet.Read(TrainingData.View(new MLContext(1)), Labels, TrainingData.Quick with { ValidationFraction = 0.5 });
        Assert.That(set.PixelStatistics().Mean, Is.EqualTo(MeanOf(set.Training)).Within(1e-3));
        Assert.That(MeanOf([.. set.Training, .. set.Validation]), Is.Not.EqualTo(MeanOf(set.Training)).Within(0.01));

        double MeanOf(int[] faces) => faces.Average(face => set.PixelsOf(face).ToArray().Average(level => level));
    }

    [Test]
    public void Network_IsNormalizedByTheTrainingFacesOwnMeanAndDeviation()
    {
        // Two gray values, whose mean and deviation can't be confused.
        var faces = FerDataset.Create("two grays", [.. Enumerable.Range(0, 28).Select(i => (
            Enumerable.Repeat((byte)(i % 2 == 0 ? 100 : 140), FaceResampler.PixelCount).ToArray(), (Emotion)(i % 7), Usage.Training))]);
        using var trained = TrainingData.Fit(TrainingData.Quick with { Epochs = 1, ValidationFraction = 0, BatchSize = 14 }, faces);
        var graph = OnnxFile.Parse(trained.Onnx).Graph;
        var weights = new OnnxConstants(graph);
        var subtraction = graph.Node.First(node => node.OpType == "Sub");
        var division = graph.Node.First(node => node.Input.Contains(subtraction.Output[0]));
        Assert.That(weights.Floats(subtraction.Input[1]).Values.Single(), Is.EqualTo(120).Within(1e-3));
        var factor = weights.Floats(division.Input.Single(name => name != subtraction.Output[0])).Values.Single();
        Assert.That(division.OpType == "Div" ? factor : 1 / factor, Is.EqualTo(20).Within(1e-3));
    }
}
