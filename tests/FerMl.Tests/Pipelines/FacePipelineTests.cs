using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Tests;

public class FacePipelineTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(210, seed: 8);
    private readonly MLContext _mlContext = new(1);

    [Test]
    public void LoadFromFerDataset_HasTheColumnsAndRows()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        Assert.That(data.Schema.Select(column => column.Name),
            Is.EqualTo(new[] { "Image", "Label", "OwnLabel", "LacksMajority", "Usage", "Id", "Votes" }));
        var rows = _mlContext.Data.CreateEnumerable<FaceImage>(data, reuseRowObject: false).ToList();
        Assert.That(rows.Select(row => (row.Label, row.Usage, row.Id)),
            Is.EqualTo(Faces.Samples.Select(face => (face.Emotion.ToLabel(), face.Usage.ToString(), face.Id))));
        // Images in a list stay usable after the cursor moves on.
        Assert.That(rows[5].Image!.Pixels[0], Is.EqualTo(Faces[5].Pixels[0]));
    }

    [Test]
    public void FacePixels_GivesTheGrayLevels()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        var pixels = _mlContext.Transforms.FacePixels().Fit(data).Transform(data).GetColumn<float[]>("Pixels").ToArray();
        for (var i = 0; i < Faces.Count; i++)
            Assert.That(pixels[i], Is.EqualTo(Faces[i].Pixels.ToArray().Select(level => (float)level)));
    }

    [Test]
    public void FacePixels_OtherColumnNames_WorkSavedAndLoaded()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Faces.Samples.Select(face => new Photo
        {
            Portrait = FacePixelsMapping.ToImage(face.Pixels),
        }).ToArray());
        var transformer = _mlContext.Transforms.FacePixels("Gray", "Portrait").Fit(data);
        using var file = new MemoryStream();
        _mlContext.Model.Save(transformer, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.That(loaded.Transform(data).GetColumn<float[]>("Gray").First(),
            Is.EqualTo(Faces[0].Pixels.ToArray().Select(level => (float)level)));
    }

    [Test]
    public void FacePixels_WithBuiltInTransforms_MakesAnOrdinaryPipeline()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        var pipeline = _mlContext.Transforms.FacePixels()
            .Append(_mlContext.Transforms.NormalizeMeanVariance("Pixels"))
            .Append(_mlContext.Transforms.ProjectToPrincipalComponents("Features", "Pixels", rank: 8))
            .Append(_mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven))
            .Append(_mlContext.MulticlassClassification.Trainers.NaiveBayes());
        var folds = _mlContext.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 3);
        Assert.That(folds.Select(fold => fold.Metrics.MicroAccuracy), Is.All.InRange(0.05, 1.0));
    }

    [TestCase(0, 0)]
    [TestCase(48, 48)]
    [TestCase(224, 224)]
    [TestCase(96, 64)]
    public void FacePixels_AfterMlNetsOwnImageSteps_TakesAnySize(int width, int height)
    {
        using var folder = new TestFolder();
        folder.Write("face.png", FaceFiles.Png(Faces[4].Pixels));
        var rows = _mlContext.Data.LoadFromEnumerable((Picture[])[new Picture { Path = "face.png" }]);
        IEstimator<ITransformer> images = _mlContext.Transforms.LoadImages("Portrait", folder.Root, nameof(Picture.Path));
        if (width > 0)
            images = images.Append(_mlContext.Transforms.ResizeImages("Portrait", width, height));
        var pipeline = images.Append(_mlContext.Transforms.FacePixels("Gray", "Portrait"));
        var expected = Faces[4].Pixels.ToArray().Select(level => (float)level);
        using var file = new MemoryStream();
        var fitted = pipeline.Fit(rows);
        Check(fitted);
        _mlContext.Model.Save(fitted, rows.Schema, file);
        file.Position = 0;
        Check(new MLContext().Model.Load(file, out _));

        void Check(ITransformer model)
        {
            var gray = model.Transform(rows).GetColumn<float[]>("Gray").Single();
            if (width is 0 or 48)
                Assert.That(gray, Is.EqualTo(expected));
            else
                Assert.That(gray.Average(), Is.EqualTo(expected.Average()).Within(8));
        }
    }

    [Test]
    public void SavedModel_OnLoadedImages_Scores()
    {
        using var folder = new TestFolder();
        folder.Write("face.png", FaceFiles.Png(Faces[4].Pixels));
        var rows = _mlContext.Data.LoadFromEnumerable((Picture[])[new Picture { Path = "face.png" }]);
        var images = _mlContext.Transforms.LoadImages("Image", folder.Root, nameof(Picture.Path)).Fit(rows).Transform(rows);
        using var file = PretrainedModels.Open(PretrainedModel.SevenFast);
        var model = _mlContext.Model.Load(file, out _);
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        Assert.That(model.Transform(images).GetColumn<float[]>("Score").Single(),
            Is.EqualTo(predictor.Predict(folder.Path("face.png")).Scores.OrderBy(score =>
                predictor.Labels.ToList().IndexOf(score.Label)).Select(score => score.Score)).Within(1e-5f));
    }

    [Test]
    public void FacePixels_ColumnThatHoldsNoImages_IsNamed()
    {
        var rows = _mlContext.Data.LoadFromEnumerable((Picture[])[new Picture { Path = "face.png" }]);
        Assert.That(() => _mlContext.Transforms.FacePixels("Gray", nameof(Picture.Path)).Fit(rows),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("'Image': expected Image, got String"));
        Assert.That(() => _mlContext.Transforms.FacePixels().Fit(rows),
            Throws.ArgumentException.With.Message.StartsWith("There is no column 'Image'"));
    }

    [Test]
    public void FacePixels_RowWithoutImage_SaysSo()
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new FaceImage() });
        var scored = _mlContext.Transforms.FacePixels().Fit(data).Transform(data);
        Assert.That(() => scored.GetColumn<float[]>("Pixels").ToList(),
            Throws.Exception.With.Message.Contains("no image").Or.InnerException.With.Message.Contains("no image"));
    }

    [Test]
    public void FilterByTask_KeepsItsLabels()
    {
        var kept = _mlContext.Data.FilterByTask(_mlContext.Data.LoadFromFerDataset(Faces), EmotionTask.Three);
        Assert.That(kept.GetColumn<string>("Label").Distinct(), Is.EquivalentTo(EmotionTask.Three.Labels));
        Assert.That(kept.GetColumn<string>("Label").Count(), Is.EqualTo(90));
    }

    [Test]
    public void FilterByUsage_KeepsThoseGiven()
    {
        var kept = _mlContext.Data.FilterByUsage(_mlContext.Data.LoadFromFerDataset(Faces), Usage.PublicTest, Usage.PrivateTest);
        Assert.That(kept.GetColumn<string>("Usage").GroupBy(usage => usage).ToDictionary(group => group.Key, group => group.Count()),
            Is.EqualTo(new Dictionary<string, int> { ["PublicTest"] = 21, ["PrivateTest"] = 21 }));
    }

    [Test]
    public void StratifiedSplit_KeepsProportions_AndLosesNoRow()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        var parts = _mlContext.Data.StratifiedSplit(data, 0.2, seed: 3);
        var (train, test) = (parts.TrainSet.GetColumn<string>("Id").ToArray(), parts.TestSet.GetColumn<string>("Id").ToArray());
        Assert.That(train.Concat(test), Is.EquivalentTo(Faces.Samples.Select(face => face.Id)));
        Assert.That(parts.TestSet.GetColumn<string>("Label").GroupBy(label => label).Select(group => group.Count()),
            Is.EqualTo(new[] { 6, 6, 6, 6, 6, 6, 6 }));
        Assert.That(parts.TestSet.GetRowCount(), Is.EqualTo(42));
        Assert.That(_mlContext.Data.StratifiedSplit(data, 0.2, seed: 3).TestSet.GetColumn<string>("Id"), Is.EqualTo(test));
    }

    [Test]
    public void StratifiedSplit_ByKey_AndThroughBuiltInTransforms()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        data = _mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven, "Key", "Label").Fit(data).Transform(data);
        var test = _mlContext.Data.StratifiedSplit(data, 0.5, "Key").TestSet;
        var cached = _mlContext.Data.Cache(_mlContext.Data.TakeRows(_mlContext.Data.ShuffleRows(test, seed: 1), 50), "Label");
        Assert.That(cached.GetColumn<string>("Label").Count(), Is.EqualTo(50));
    }

    [Test]
    public void StratifiedSplit_BadArguments_SayWhatIsWrong()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces);
        Assert.That(() => _mlContext.Data.StratifiedSplit(data, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _mlContext.Data.StratifiedSplit(data, 0.5, "Emotion"),
            Throws.ArgumentException.With.Message.Contains("no column 'Emotion'; its columns are Image, Label, OwnLabel, "));
        Assert.That(() => _mlContext.Data.StratifiedSplit(data, 0.5, "Image"),
            Throws.ArgumentException.With.Message.Contains("expected text or key"));
    }

    [Test]
    public void MapEmotionToKey_NamesAllLabels_WhateverOccurs()
    {
        var data = _mlContext.Data.FilterByTask(_mlContext.Data.LoadFromFerDataset(Faces), EmotionTask.Of(Emotion.Fear, Emotion.Neutral));
        data = _mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven).Fit(data).Transform(data);
        Assert.That(LabelKeys.Of(data.Schema["Label"]), Is.EqualTo(EmotionTask.Seven.Labels));
        Assert.That(data.GetColumn<uint>("Label").Distinct(), Is.EquivalentTo(new uint[] { 3, 7 }));
    }

    [Test]
    public void ManyPasses_KeepMemoryFlat()
    {
        var faces = SyntheticFaces.Create(4_200, seed: 9);
        var data = _mlContext.Data.LoadFromFerDataset(faces);
        var pixels = _mlContext.Transforms.FacePixels().Fit(data).Transform(data);
        Pass();
        var before = Environment.WorkingSet;
        for (var i = 0; i < 8; i++)
            Pass();
        // Eight passes create 33,600 images of 9 KB, 310 MB in total, outside the garbage collector's heap.
        Assert.That(Environment.WorkingSet - before, Is.LessThan(150_000_000));

        void Pass() => Assert.That(pixels.GetColumn<float[]>("Pixels").Sum(row => row[0]), Is.Positive);
    }

    private sealed class Photo
    {
        [Microsoft.ML.Transforms.Image.ImageType(48, 48)]
        public MLImage? Portrait { get; set; }

        // ML.NET leaves image columns out of a saved schema and does not save an empty one.
        public string Name { get; set; } = "";
    }

    private sealed class Picture
    {
        public string Path { get; set; } = "";
    }
}
