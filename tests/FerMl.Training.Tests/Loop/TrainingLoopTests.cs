using Microsoft.ML;

namespace FerMl.Training.Tests;

/// <summary>The epochs of a training: what they report and keep, and when they end.</summary>
public class TrainingLoopTests
{
    [Test]
    public void History_HasAReportForEachEpoch_WithTheBestMarked()
    {
        var reported = new List<EpochReport>();
        var steps = new List<StepReport>();
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Epochs = 3,
            Execution = TrainingData.Quick.Execution with
            {
                EpochProgress = new Collect<EpochReport>(reported),
                StepProgress = new Collect<StepReport>(steps),
            },
        });
        Assert.That(model.History, Is.EqualTo(reported));
        Assert.That(model.History.Select(report => report.Epoch), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(model.History[0].IsBest, Is.True);
        var best = model.History.Last(report => report.IsBest);
        Assert.That(best.ValidationAccuracy, Is.EqualTo(model.History.Max(report => report.ValidationAccuracy)));
        Assert.That(model.CreateCard().Training!.BestEpoch, Is.EqualTo(best.Epoch));
        Assert.That(model.History[^1].Seconds, Is.GreaterThan(model.History.Sum(report => 560 / report.ImagesPerSecond)),
            "the total of all epochs, with validation");
        // 700 faces, a fifth for validation: 560 to train on, in batches of 32.
        Assert.That(steps.Where(step => step.Epoch == 1).Select(step => step.Step), Is.EqualTo(Enumerable.Range(1, 18)));
        Assert.That(steps.Select(step => step.Steps), Is.All.EqualTo(18));
    }

    [Test]
    public void Steps_HaveTheSpeedOfAllStepsSoFar()
    {
        var steps = new List<StepReport>();
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Epochs = 1,
            Execution = TrainingData.Quick.Execution with { StepProgress = new Collect<StepReport>(steps) },
        });
        Assert.That(steps.Select(step => Math.Min(560, step.Step * 32) / step.ImagesPerSecond), Is.Ordered, "the time until then");
    }

    [Test]
    public void History_HasTheLearningRateOfEachEpochsLastStep()
    {
        var steps = new List<StepReport>();
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Schedule = LearningRateSchedule.Cosine,
            Execution = TrainingData.Quick.Execution with { StepProgress = new Collect<StepReport>(steps) },
        });
        Assert.That(model.History.Select(report => report.LearningRate),
            Is.EqualTo(steps.Where(step => step.Step == step.Steps).Select(step => step.LearningRate)));
    }

    [Test]
    public void Fit_EndsWithTheBestWeights()
    {
        // The history reports the validation split; the same split, drawn again, must give the best epoch's accuracy.
        var mlContext = new MLContext(1);
        var options = TrainingData.Quick with { Epochs = 6, LearningRate = 0.02 };
        using var model = TrainingData.Fit(options);
        var labels = TrainingData.Faces.Samples.Select(face => (face.Index, (int)face.Emotion)).ToArray();
        var held = TrainingData.Faces.Select(Stratification.Draw(labels, options.ValidationFraction, options.Seed));
        var metrics = mlContext.MulticlassClassification.EvaluateEmotions(model.Transform(TrainingData.View(mlContext, held)));
        Assert.That(metrics.Accuracy, Is.EqualTo(model.History.Max(report => report.ValidationAccuracy)).Within(0.008),
            "rounding may change at most one of 140 predictions");
    }

    [Test]
    public void ValidationLoss_IsThatOfTheSavedModel_InAnyPrecision()
    {
        var mlContext = new MLContext(1);
        var options = TrainingData.Quick with { Epochs = 1, Calibrate = false, Precision = Precision.BFloat16 };
        using var model = TrainingData.Fit(options);
        var labels = TrainingData.Faces.Samples.Select(face => (face.Index, (int)face.Emotion)).ToArray();
        var held = TrainingData.Faces.Select(Stratification.Draw(labels, options.ValidationFraction, options.Seed));
        var metrics = mlContext.MulticlassClassification.EvaluateEmotions(model.Transform(TrainingData.View(mlContext, held)));
        Assert.That(model.History[0].ValidationLoss, Is.EqualTo(metrics.LogLoss).Within(1e-5));
    }

    private static EmotionTransformer FitLinear(double learningRate, int epochs)
    {
        var mlContext = new MLContext(1);
        return mlContext.MulticlassClassification.Trainers.Cnn(TrainingData.Quick with
        {
            Network = new NetworkDefinition("linear", [new Flatten()]),
            LearningRate = learningRate,
            Epochs = epochs,
        }).Fit(TrainingData.View(mlContext));
    }

    [Test]
    public void Fit_OfEpochsOfTheSameAccuracy_TakesTheOneOfTheLeastLoss()
    {
        // Steps so small that no prediction changes.
        using var model = FitLinear(1e-9, 4);
        Assert.That(model.History.Select(report => report.ValidationAccuracy).Distinct().Count(), Is.EqualTo(1));
        Assert.That(model.History.Select(report => report.ValidationLoss), Is.Unique);
        Assert.That(model.History.Last(report => report.IsBest).ValidationLoss,
            Is.EqualTo(model.History.Min(report => report.ValidationLoss)));
    }

    [Test]
    public void Fit_OfEqualEpochs_TakesTheFirst()
    {
        // Steps that change no weight.
        using var model = FitLinear(1e-30, 3);
        Assert.That(model.History.Select(report => report.ValidationLoss).Distinct().Count(), Is.EqualTo(1));
        Assert.That(model.History.Select(report => report.IsBest), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void Fit_WithEma_TrainsTheSameWeightsAsWithout()
    {
        var options = TrainingData.Quick with { Epochs = 3, Execution = TrainingData.Quick.Execution with { Threads = 1 } };
        using var without = TrainingData.Fit(options with { EmaDecay = 0 });
        using var with = TrainingData.Fit(options with { EmaDecay = 0.99 });
        Assert.That(with.History.Select(report => report.TrainingLoss), Is.EqualTo(without.History.Select(report => report.TrainingLoss)));
        Assert.That(with.History[0].ValidationLoss, Is.Not.EqualTo(without.History[0].ValidationLoss), "the EMA is validated");
    }

    [Test]
    public void Fit_WithDropout_DrawsAgainInEachStepOfEachEpoch()
    {
        // The same face in every batch, and steps that change nothing: only the dropout differs.
        var face = TrainingData.Faces[0].Pixels.ToArray();
        var faces = FerDataset.Create("one face", [.. Enumerable.Repeat((face, Emotion.Happy, Usage.Training), 64)]);
        var steps = new List<StepReport>();
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Network = NetworkPreset.Tiny.Network(new(0.5)),
            Augmentation = null,
            ValidationFraction = 0,
            LearningRate = 1e-12,
            BatchSize = 32,
            Execution = TrainingData.Quick.Execution with { StepProgress = new Collect<StepReport>(steps) },
        }, faces);
        // The first step reports its loss, the second the mean of both: they are equal only if both losses are.
        Assert.That(steps.Select(step => (step.Epoch, step.Step)), Is.EqualTo(new[] { (1, 1), (1, 2), (2, 1), (2, 2) }));
        Assert.That(steps.Select(step => Math.Round(step.Loss, 5)), Is.Unique);
    }

    [Test]
    public void EarlyStopping_StopsAfterItsPatience()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with { Epochs = 200, EarlyStoppingPatience = 2, LearningRate = 0.02 });
        var best = model.History.Last(report => report.IsBest).Epoch;
        Assert.That(model.History, Has.Count.EqualTo(best + 2));
    }

    [Test]
    public void NoValidation_KeepsTheLastEpoch()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with { ValidationFraction = 0 });
        Assert.That(model.History.Select(report => report.ValidationAccuracy), Is.All.Null);
        Assert.That(model.CreateCard().Training!.BestEpoch, Is.EqualTo(2));
    }

    [Test]
    public void Cancel_StopsAtTheNextStep()
    {
        using var source = new CancellationTokenSource();
        var steps = new List<StepReport>();
        var options = TrainingData.Quick with
        {
            Epochs = 1_000,
            Execution = TrainingData.Quick.Execution with
            {
                CancellationToken = source.Token,
                StepProgress = new Collect<StepReport>(steps, step => { if (step.Step == 7) source.Cancel(); }),
            },
        };
        Assert.That(() => TrainingData.Fit(options), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(steps, Has.Count.EqualTo(7));
    }

    [Test]
    public void Cancel_KeepBest_GivesTheBestEpochSoFar()
    {
        using var source = new CancellationTokenSource();
        var options = TrainingData.Quick with
        {
            Epochs = 1_000,
            Execution = TrainingData.Quick.Execution with
            {
                KeepBestOnCancel = true,
                CancellationToken = source.Token,
                StepProgress = new Collect<StepReport>([], step => { if (step is { Epoch: 3, Step: 2 }) source.Cancel(); }),
            },
        };
        using var model = TrainingData.Fit(options);
        Assert.That(model.History, Has.Count.EqualTo(2));
    }

    [Test]
    public void Cancel_KeepBest_BeforeTheFirstEpochEnds_StillThrows()
    {
        using var source = new CancellationTokenSource();
        var options = TrainingData.Quick with
        {
            Execution = TrainingData.Quick.Execution with
            {
                KeepBestOnCancel = true,
                CancellationToken = source.Token,
                StepProgress = new Collect<StepReport>([], _ => source.Cancel()),
            },
        };
        Assert.That(() => TrainingData.Fit(options), Throws.InstanceOf<OperationCanceledException>());
    }
}
