using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Tests;

public class EmotionModelTests
{
    [Test]
    public void Load_HasLabelsNetworkAndCard()
    {
        var model = EmotionModel.Load(TrainedModels.ThreePath);
        Assert.That(model.Labels, Is.EqualTo(EmotionTask.Three.Labels));
        Assert.That(model.Onnx.Length, Is.GreaterThan(50_000));
        Assert.That(model.Card, Is.Not.Null);
        Assert.That(model.Card!.Task, Is.EqualTo("three"));
        Assert.That(model.Card.Network, Is.EqualTo("tiny"));
        Assert.That(model.Card.TestTimeAugmentation, Is.EqualTo("Flip"));
        Assert.That(model.Card.Data!.Source, Is.EqualTo("synthetic"));
        Assert.That(model.Card.Training!.Epochs, Is.EqualTo(4));
        Assert.That((int?)model.Card.Options!["batchSize"], Is.EqualTo(32));
    }

    [Test]
    public void Card_NamesNoPathOfThisMachine() =>
        Assert.That(EmotionModel.Load(TrainedModels.SevenPath).Card!.ToJson(),
            Does.Not.Contain(Path.GetTempPath()).And.Not.Contain(Repository.Root));

    [TestCase("\"labels\":null")]
    [TestCase("\"labels\":[\"happy\",null]")]
    [TestCase("\"layers\":[null]")]
    [TestCase("\"members\":[null]")]
    [TestCase("\"members\":[{\"task\":\"a\",\"labels\":[],\"network\":null}]")]
    [TestCase("\"labels\":[\"happy\",\"happy\"]")]
    [TestCase("\"data\":{\"source\":null,\"count\":1,\"fingerprint\":\"ab\"}")]
    [TestCase("\"versions\":{\"ferml\":null}")]
    [TestCase("\"averaging\":null")]
    [TestCase("\"network\":\"a\",\"network\":\"b\"")]
    public void FromJson_OfACardWithNullsOrTwice_IsRefused(string part)
    {
        var whole = "\"task\":\"seven\",\"labels\":[\"happy\",\"sad\"],\"network\":\"tiny\"";
        var name = part.Split(':')[0];
        string[] entries = ["\"task\":\"seven\"", "\"labels\":[]", "\"network\":\"tiny\""];
        var rest = string.Join(',', entries.Where(entry => !entry.StartsWith(name, StringComparison.Ordinal)));
        foreach (var format in new[] { 1, 2 })
        {
            Assert.That(ModelCard.FromJson(Encoding.UTF8.GetBytes($"{{\"format\":{format},{whole}}}")).Network, Is.EqualTo("tiny"));
            Assert.That(
                () => ModelCard.FromJson(Encoding.UTF8.GetBytes($"{{\"format\":{format},{rest},{part}}}")),
                Throws.InstanceOf<JsonException>());
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    public void Load_OfACardOfAnotherFormat_SaysWhichAreRead(int format)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ferml-format-{Guid.NewGuid():N}.zip");
        File.Copy(TrainedModels.SevenPath, path);
        try
        {
            using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
            {
                var card = EmotionModel.Load(TrainedModels.SevenPath).Card! with { Format = format };
                zip.GetEntry(EmotionModel.CardEntry)!.Delete();
                using var text = new StreamWriter(zip.CreateEntry(EmotionModel.CardEntry).Open());
                text.Write(card.ToJson());
            }
            Assert.That(() => EmotionModel.Load(path),
                Throws.TypeOf<EmotionModelException>()
                    .With.Message.Contains($"The card has the format {format}; this version of FerMl reads 1 to 2"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void HeldOut_IsInTheFile_ButNotInTheCardThatPeopleRead()
    {
        var card = EmotionModel.Load(TrainedModels.SevenPath).Card!;
        var keys = TrainedModels.Faces.Samples.Select(
            face => DuplicateAudit.KeyOf(face.Pixels).ToString("x32", CultureInfo.InvariantCulture)).ToHashSet();
        Assert.That(card.HeldOut, Is.Not.Empty.And.Unique.And.SubsetOf(keys));
        Assert.That(card.ToJson(), Does.Not.Contain(card.HeldOut[0]));
    }

    [Test]
    public void PredictionEngineAndPredictor_GiveTheSameScores()
    {
        var mlContext = new MLContext();
        using var predictor = EmotionPredictor.Load(TrainedModels.SevenPath);
        var model = mlContext.Model.Load(TrainedModels.SevenPath, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<FaceImage, ScoredFace>(model);
        foreach (var face in TrainedModels.Faces.Samples.Take(20))
        {
            using var image = FacePixelsMapping.ToImage(face.Pixels);
            var scored = engine.Predict(new FaceImage { Image = image });
            var prediction = predictor.Predict(image);
            Assert.That(scored.PredictedLabel, Is.EqualTo(prediction.Label));
            Assert.That(scored.Score, Is.EqualTo(prediction.Scores.Select(score => score.Score)).Within(1e-5));
            Assert.That(scored.Score.Sum(), Is.EqualTo(1).Within(1e-5));
        }
    }

    [Test]
    public void PredictionEngine_NeedsNothingButAnImageOfAnySize()
    {
        var mlContext = new MLContext();
        var model = EmotionModel.Load(TrainedModels.ThreePath).LoadTransformer(mlContext);
        using var engine = mlContext.Model.CreatePredictionEngine<OnlyAnImage, ScoredFace>(model);
        using var image = MLImage.CreateFromStream(new MemoryStream(TestImages.Encode(333, 222)));
        Assert.That(engine.Predict(new OnlyAnImage { Image = image }).PredictedLabel, Is.AnyOf("happy", "sad", "neutral"));
    }

    [Test]
    public void Save_WithoutCard_StillOpens()
    {
        using var folder = new TestFolder();
        var mlContext = new MLContext();
        var schema = mlContext.Data.LoadFromEnumerable(Array.Empty<FaceImage>()).Schema;
        var transformer = mlContext.Model.Load(TrainedModels.SevenPath, out _);
        mlContext.Model.Save(transformer, schema, folder.Path("plain.zip"));
        var model = EmotionModel.Load(folder.Path("plain.zip"));
        Assert.That(model.Card, Is.Null);
        Assert.That(model.Labels, Is.EqualTo(EmotionTask.Seven.Labels));
    }

    [Test]
    public void Save_ExistingFile_IsNotOverwritten()
    {
        var mlContext = new MLContext();
        var transformer = mlContext.Model.Load(TrainedModels.SevenPath, out _);
        var schema = mlContext.Data.LoadFromEnumerable(Array.Empty<FaceImage>()).Schema;
        Assert.That(() => EmotionModel.Save(mlContext, transformer, schema, null, TrainedModels.SevenPath),
            Throws.TypeOf<IOException>().With.Message.Contains("already exists"));
        Assert.That(File.ReadAllBytes(TrainedModels.SevenPath), Is.EqualTo(TrainedModels.SevenBytes));
    }

    [Test]
    public void Load_NoModel_SaysWhatItIs()
    {
        using var folder = new TestFolder();
        Assert.That(() => EmotionModel.Load(folder.Path("absent.zip")),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("no such model file; train one with TrainingRun"));
        Assert.That(() => EmotionModel.Load(folder.Write("text.zip", "hello")),
            Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("text.zip: not a FerMl model, or a damaged one"));

        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(new[] { new ScoredFace { PredictedLabel = "x" } });
        mlContext.Model.Save(mlContext.Transforms.CopyColumns("Copy", "PredictedLabel").Fit(data), data.Schema, folder.Path("other.zip"));
        Assert.That(() => EmotionModel.Load(folder.Path("other.zip")),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("an ML.NET model file with 0 ONNX networks"));
    }

    [Test]
    public void Load_CardOfAnotherModel_IsRefused()
    {
        using var memory = new MemoryStream();
        memory.Write(TrainedModels.SevenBytes);
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(EmotionModel.CardEntry)!.Delete();
            using var entry = zip.CreateEntry(EmotionModel.CardEntry).Open();
            entry.Write(System.Text.Encoding.UTF8.GetBytes(EmotionModel.Load(TrainedModels.ThreePath).Card!.ToJson()));
        }
        memory.Position = 0;
        Assert.That(() => EmotionModel.Load(memory, "mixed.zip"),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("have different labels"));
    }

    private sealed class OnlyAnImage
    {
        [Microsoft.ML.Transforms.Image.ImageType(48, 48)]
        public MLImage? Image { get; set; }
    }
}
