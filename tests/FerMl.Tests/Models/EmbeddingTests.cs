using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Tests;

public class EmbeddingTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 4);
    private readonly MLContext _mlContext = new(1);

    [TestCase(PretrainedModel.FerPlus)]
    [TestCase(PretrainedModel.SevenFast)]
    public void Embed_GivesWhatTheClassifierTakes_HoweverTheFaceIsGiven(PretrainedModel model)
    {
        using var predictor = EmotionPredictor.LoadDefault(model);
        using var folder = new TestFolder();
        var all = predictor.Embed(Faces);
        Assert.That(all, Has.Count.EqualTo(Faces.Count));
        Assert.That(all.Select(vector => vector.Length), Is.All.EqualTo(predictor.EmbeddingLength));
        var path = folder.Write("face.png", FaceFiles.Png(Faces[3].Pixels));
        Assert.That(predictor.Embed(path), Is.EqualTo(all[3]).Within(1e-4));
        Assert.That(predictor.Embed([path, path])[1], Is.EqualTo(all[3]).Within(1e-4));
        Assert.That(predictor.Embed(Faces[3].Pixels, 48, 48), Is.EqualTo(all[3]).Within(1e-4));
        using var image = FacePixelsMapping.ToImage(Faces[3].Pixels);
        Assert.That(predictor.Embed(image), Is.EqualTo(all[3]).Within(1e-4));
        Assert.That(all[3], Is.Not.EqualTo(all[4]).Within(1e-3));
    }

    [Test]
    public void Embed_OfAnEnsemble_IsThatOfItsMembersOneAfterAnother()
    {
        using var ensemble = EmotionPredictor.Load(Repository.File("artifacts/models/fer7-ensemble.zip"));
        using var single = EmotionPredictor.LoadDefault(PretrainedModel.Seven);
        Assert.That(ensemble.EmbeddingLength % single.EmbeddingLength, Is.Zero);
        Assert.That(ensemble.EmbeddingLength, Is.GreaterThan(single.EmbeddingLength));
        Assert.That(ensemble.Embed(Faces[0].Pixels, 48, 48).Distinct().Count(), Is.GreaterThan(single.EmbeddingLength));
    }

    [Test]
    public void Embed_OfAModelThatFerMlTrained_WorksToo_AndManyThreadsAgree()
    {
        using var predictor = EmotionPredictor.Load(TrainedModels.ThreePath);
        var expected = predictor.Embed(Faces);
        Parallel.For(0, 200, i => Assert.That(predictor.Embed(Faces[i % 70].Pixels, 48, 48), Is.EqualTo(expected[i % 70]).Within(1e-4)));
    }

    [Test]
    public void Embed_AfterDispose_IsRefused()
    {
        var (never, once) = (EmotionPredictor.Load(TrainedModels.SevenPath), EmotionPredictor.Load(TrainedModels.SevenPath));
        once.Embed(Faces[0].Pixels, 48, 48);
        foreach (var predictor in (EmotionPredictor[])[never, once])
        {
            predictor.Dispose();
            Assert.That(() => predictor.Embed(Faces[0].Pixels, 48, 48), Throws.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void FaceEmbedding_OfImagesAndOfPixels_IsThePredictors()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.FerPlusFast);
        var expected = predictor.Embed(Faces);
        var images = _mlContext.Data.LoadFromFerDataset(Faces);
        var pixels = _mlContext.Transforms.FacePixels("Gray").Fit(images).Transform(images);
        var ofImages = _mlContext.Transforms.FaceEmbedding("ferplus-fast").Fit(images).Transform(images);
        var ofPixels = _mlContext.Transforms.FaceEmbedding("ferplus-fast", "Vector", "Gray").Fit(pixels).Transform(pixels);
        foreach (var (i, vector) in ofImages.GetColumn<float[]>("Features").Index())
            Assert.That(vector, Is.EqualTo(expected[i]).Within(1e-4));
        Assert.That(ofPixels.GetColumn<float[]>("Vector").First(), Is.EqualTo(expected[0]).Within(1e-4));
        Assert.That(((VectorDataViewType)ofImages.Schema["Features"].Type).Size, Is.EqualTo(predictor.EmbeddingLength));
    }

    [Test]
    public void FaceEmbedding_WithMlNetsTrainers_IsAnOrdinaryPipeline_SavedAndLoaded()
    {
        var data = _mlContext.Data.LoadFromFerDataset(Faces.FilterByTask(EmotionTask.Three));
        var pipeline = _mlContext.Transforms.FaceEmbedding("ferplus-fast").AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Three))
            .Append(_mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy());
        var fitted = pipeline.Fit(data);
        Assert.That(_mlContext.MulticlassClassification.Evaluate(fitted.Transform(data)).MicroAccuracy, Is.GreaterThan(0.8));
        using var file = new MemoryStream();
        _mlContext.Model.Save(fitted, data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.That(loaded.Transform(data).GetColumn<float[]>("Features").First(),
            Is.EqualTo(fitted.Transform(data).GetColumn<float[]>("Features").First()));
        var clusters = _mlContext.Transforms.FaceEmbedding("ferplus-fast").AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.Clustering.Trainers.KMeans(numberOfClusters: 3)).Fit(data).Transform(data);
        Assert.That(clusters.GetColumn<uint>("PredictedLabel").Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void FaceEmbedding_OfAnUnknownModelOrColumn_SaysWhatThereIs()
    {
        Assert.That(() => _mlContext.Transforms.FaceEmbedding("ferplus-slow"),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("ferplus, ferplus-fast, fer7"));
        Assert.That(() => _mlContext.Transforms.FaceEmbedding("ferplus-fast", inputColumnName: "Photo")
            .Fit(_mlContext.Data.LoadFromFerDataset(Faces)), Throws.ArgumentException.With.Message.Contains("no column 'Photo'"));
    }
}
