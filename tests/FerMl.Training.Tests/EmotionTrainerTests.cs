using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training.Tests;

public class EmotionTrainerTests
{
    [Test, Category("Slow")]
    public void Fit_LearnsSyntheticFaces()
    {
        var mlContext = new MLContext(1);
        var faces = SyntheticFaces.Create(3_000, seed: 51);
        var train = TrainingData.View(mlContext, faces.Where(face => face.Usage == Usage.Training));
        var test = TrainingData.View(mlContext, faces.Where(face => face.Usage != Usage.Training));
        using var model = mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick with { Epochs = 10 }).Fit(train);
        var metrics = mlContext.MulticlassClassification.EvaluateEmotions(model.Transform(test));
        Assert.That(metrics.Accuracy, Is.GreaterThan(0.9));
    }

    [Test]
    public void Fit_OverfitsAHandfulOfFaces()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            ValidationFraction = 0,
            Dropout = 0,
            Network = NetworkPreset.Tiny.Network(new(0)),
            Epochs = 60,
            BatchSize = 14,
        }, SyntheticFaces.Create(70).Where(face => face.Usage == Usage.PrivateTest || face.Usage == Usage.PublicTest));
        Assert.That(model.History[^1].TrainingAccuracy, Is.EqualTo(1));
        Assert.That(model.History[^1].TrainingLoss, Is.LessThan(0.1));
    }

    [Test]
    public void Fit_SameSeed_GivesTheSameModel()
    {
        using var one = TrainingData.Fit(TrainingData.Quick with
        {
            Seed = 5,
            Execution = TrainingData.Quick.Execution with { Threads = 1 },
        });
        using var same = TrainingData.Fit(TrainingData.Quick with
        {
            Seed = 5,
            Execution = TrainingData.Quick.Execution with { Threads = 1 },
        });
        using var other = TrainingData.Fit(TrainingData.Quick with
        {
            Seed = 6,
            Execution = TrainingData.Quick.Execution with { Threads = 1 },
        });
        Assert.That(same.Onnx.ToArray(), Is.EqualTo(one.Onnx.ToArray()));
        Assert.That(other.Onnx.ToArray(), Is.Not.EqualTo(one.Onnx.ToArray()));
    }

    [Test]
    public void MissingClass_StillHasItsScore()
    {
        var mlContext = new MLContext(1);
        var faces = TrainingData.Faces.Where(face => face.Emotion != Emotion.Disgust);
        using var model = TrainingData.Fit(TrainingData.Quick, faces);
        var scored = model.Transform(TrainingData.View(mlContext));
        Assert.That(scored.GetColumn<float[]>("Score").First(), Has.Length.EqualTo(7));
        Assert.That(model.CreateCard().Labels, Is.EqualTo(EmotionTask.Seven.Labels));
    }

    [Test, Category("Slow")]
    public void CrossValidate_WorksAsWithMlNetsOwnTrainers()
    {
        var mlContext = new MLContext(1);
        var data = mlContext.Data.LoadFromFerDataset(TrainingData.Faces);
        var pipeline = mlContext.Transforms.FacePixels()
            .Append(mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven))
            .Append(mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick with { Epochs = 8 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Emotion", "PredictedLabel"));
        var folds = mlContext.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 2);
        Assert.That(folds.Select(fold => fold.Metrics.MicroAccuracy), Is.All.GreaterThan(0.4));
        Assert.That(folds[0].ScoredHoldOutSet.GetColumn<string>("Emotion").Distinct().Count(), Is.GreaterThan(4));
    }

    [Test]
    public void Fit_WrongColumns_SaysWhichAndWhatIsNeeded()
    {
        var mlContext = new MLContext();
        var trainer = mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick);
        var text = mlContext.Data.LoadFromFerDataset(TrainingData.Faces);
        Assert.That(() => trainer.Fit(text),
            Throws.ArgumentException.With.Message.EqualTo(
                "The data has no column 'Pixels' to train on; its columns are Image, Label, OwnLabel, LacksMajority, Usage, Id, Votes."));
        var unmapped = mlContext.Transforms.FacePixels().Fit(text).Transform(text);
        Assert.That(() => trainer.Fit(unmapped),
            Throws.ArgumentException.With.Message.Contains("Column 'Label' has type String; the trainer needs a key"));
        var features = mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick with { FeatureColumnName = "Id" });
        Assert.That(() => features.Fit(unmapped),
            Throws.ArgumentException.With.Message.Contains("Column 'Id' has type String; the trainer needs a vector of 2304"));
    }

    [Test]
    public void Fit_RowsOutsideTheTask_AreNotSilentlyLost()
    {
        var mlContext = new MLContext();
        var data = TrainingData.View(mlContext, task: EmotionTask.Three);
        Assert.That(() => mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick).Fit(data),
            Throws.TypeOf<TrainingException>().With.Message.EqualTo(
                "400 rows with none of the task's labels in column 'Label'; leave them out first, as FilterByTask does."));
    }

    [Test]
    public void Fit_NormalizedPixels_AreRefused()
    {
        var mlContext = new MLContext();
        var data = TrainingData.View(mlContext);
        data = mlContext.Transforms.NormalizeMeanVariance("Pixels", fixZero: false).Fit(data).Transform(data);
        Assert.That(() => mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick).Fit(data),
            Throws.TypeOf<TrainingException>().With.Message.Contains("expected pixel values from 0 to 255, as FacePixels gives"));
    }

    [Test]
    public void Fit_TooLargeALearningRate_SaysThatItDiverged()
    {
        // The first step changes the weights to about ten, with which twenty linear layers overflow.
        var mlContext = new MLContext();
        var network = new NetworkDefinition("linear", [new Flatten(), .. Enumerable.Repeat(new Dense(64), 20)]);
        var trainer = mlContext.MulticlassClassification.Trainers.Cnn(new EmotionTrainerOptions
        {
            Network = network,
            LearningRate = 10,
            Epochs = 2,
        });
        Assert.That(() => trainer.Fit(TrainingData.View(mlContext)),
            Throws.TypeOf<TrainingException>().With.Message.Contains("training diverged. Lower the learning rate (10 there)"));
    }

    [Test]
    public void GetOutputSchema_HasWhatTheModelAdds_AndChecksTheColumns()
    {
        var mlContext = new MLContext();
        var trainer = mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick);
        var text = mlContext.Data.LoadFromFerDataset(TrainingData.Faces);
        var pipeline = mlContext.Transforms.FacePixels().Append(mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven))
            .Append(trainer)
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("Emotion", "PredictedLabel"));
        var columns = pipeline.GetOutputSchema(Shape(text.Schema)).ToDictionary(column => column.Name);
        Assert.That(columns.Keys, Is.SupersetOf(new[] { "Pixels", "Label", "Score", "PredictedLabel", "Emotion" }));
        Assert.That((columns["Score"].Kind, columns["Score"].ItemType),
            Is.EqualTo((SchemaShape.Column.VectorKind.Vector, (DataViewType)NumberDataViewType.Single)));
        Assert.That((columns["PredictedLabel"].IsKey, columns["Emotion"].ItemType),
            Is.EqualTo((true, (DataViewType)TextDataViewType.Instance)));
        Assert.That(() => trainer.GetOutputSchema(Shape(text.Schema)),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Pixels"));

        // ML.NET's conversion from a schema to a shape is internal.
        static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)typeof(SchemaShape)
            .GetMethod("Create", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static,
                [typeof(DataViewSchema)])!.Invoke(null, [schema])!;
    }

    [Test]
    public void Transformer_OtherFeatureColumn_ScoresIt()
    {
        var mlContext = new MLContext(1);
        var data = mlContext.Data.LoadFromFerDataset(TrainingData.Faces);
        data = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven, "Key", "Label").Fit(data).Transform(data);
        data = mlContext.Transforms.FacePixels("Gray").Fit(data).Transform(data);
        using var model = mlContext.MulticlassClassification.Trainers.CnnBiLstm(TrainingData.Quick with
        {
            FeatureColumnName = "Gray",
            LabelColumnName = "Key",
        }).Fit(data);
        Assert.That(model.Transform(data).GetColumn<float[]>("Score").First().Sum(), Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void FitAndPredict_GiveBackEveryTensor([Values(1, 4)] int epochs)
    {
        var left = CountOfAnEmptyNetwork();
        var before = TorchSharp.torch.Tensor.TotalCount + left;
        var mlContext = new MLContext(1);
        using (var model = TrainingData.Fit(TrainingData.Quick with { Epochs = epochs }))
        {
            Assert.That(TorchSharp.torch.Tensor.TotalCount, Is.EqualTo(before), "after Fit");
            var scored = model.Transform(TrainingData.View(mlContext, SyntheticFaces.Create(1_000)));
            Assert.That(scored.GetColumn<float[]>("Score").Count(), Is.EqualTo(1_000));
        }
        Assert.That(TorchSharp.torch.Tensor.TotalCount, Is.EqualTo(before), "after 1,000 predictions");
    }

    [Test]
    public void Fit_Fails_GivesBackEveryTensor()
    {
        var left = CountOfAnEmptyNetwork();
        var before = TorchSharp.torch.Tensor.TotalCount + left;
        using var source = new CancellationTokenSource();
        var options = TrainingData.Quick with
        {
            Execution = TrainingData.Quick.Execution with
            {
                CancellationToken = source.Token,
                StepProgress = new Collect<StepReport>([], _ => source.Cancel()),
            },
        };
        Assert.That(() => TrainingData.Fit(options), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(TorchSharp.torch.Tensor.TotalCount, Is.EqualTo(before));
    }

    /// <summary>
    /// TorchSharp 0.107 counts a parameter twice when it is created: the tensor that it takes over stays in the count, although its
    /// memory is freed. So a network that was created and disposed of leaves this many in the counter.
    /// </summary>
    private static long CountOfAnEmptyNetwork()
    {
        var before = TorchSharp.torch.Tensor.TotalCount;
        new FaceNetwork(TrainingData.Quick.Network!, 7, 128, 64).Dispose();
        return TorchSharp.torch.Tensor.TotalCount - before;
    }
}
