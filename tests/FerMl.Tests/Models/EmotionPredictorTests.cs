using Microsoft.ML.Data;

namespace FerMl.Tests;

public class EmotionPredictorTests
{
    private EmotionPredictor _predictor = null!;

    [OneTimeSetUp]
    public void Load() => _predictor = EmotionPredictor.Load(TrainedModels.SevenPath);

    [OneTimeTearDown]
    public void Unload() => _predictor.Dispose();

    [Test]
    public void Predict_EveryKindOfInput_GivesTheSameScores()
    {
        using var folder = new TestFolder();
        var face = TrainedModels.Faces[3].Pixels.ToArray();
        var png = TestImages.Encode(48, 48, color: (x, y) => new SkiaSharp.SKColor(face[y * 48 + x], face[y * 48 + x], face[y * 48 + x]));
        var path = folder.Write("face.png", png);
        using var image = MLImage.CreateFromStream(new MemoryStream(png));
        EmotionPrediction[] predictions =
        [
            _predictor.Predict(face, 48, 48), _predictor.Predict(path), _predictor.Predict(new MemoryStream(png)),
            _predictor.Predict(image), _predictor.Predict([image, image])[1], _predictor.Predict(TrainedModels.Faces)[3],
            _predictor.Predict([path, path])[1], _predictor.Predict([new MemoryStream(png), new MemoryStream(png)])[1],
            _predictor.Predict([new GrayImage(face, 48, 48)])[0],
        ];
        foreach (var prediction in predictions)
            Assert.That(prediction.Scores.Select(score => score.Score), Is.EqualTo(predictions[0].Scores.Select(score => score.Score))
                .Within(1e-5));
    }

    [Test]
    public void Predict_LabelIsTheHighestScore()
    {
        var prediction = _predictor.Predict(TrainedModels.Faces[0].Pixels, 48, 48);
        Assert.That(prediction.Scores.Select(score => score.Label), Is.EqualTo(EmotionTask.Seven.Labels));
        Assert.That(prediction.Scores.Sum(score => score.Score), Is.EqualTo(1).Within(1e-5));
        Assert.That((prediction.Label, prediction.Confidence),
            Is.EqualTo((prediction.Scores.MaxBy(score => score.Score).Label, prediction.Scores.Max(score => score.Score))));
    }

    [Test]
    public void Predict_FlipAverage_IsTheSameForTheMirrorImage()
    {
        using var predictor = EmotionPredictor.Load(TrainedModels.ThreePath);
        var face = TrainedModels.Faces[4].Pixels.ToArray();
        var mirror = Enumerable.Range(0, face.Length).Select(i => face[i / 48 * 48 + 47 - i % 48]).ToArray();
        Assert.That(predictor.Predict(mirror, 48, 48).Scores.Select(score => score.Score),
            Is.EqualTo(predictor.Predict(face, 48, 48).Scores.Select(score => score.Score)).Within(1e-5));
        Assert.That(_predictor.Predict(mirror, 48, 48).Scores, Is.Not.EqualTo(_predictor.Predict(face, 48, 48).Scores),
            "a model without TTA scores them differently");
    }

    [Test]
    public void Predict_ManyThreads_GiveWhatOneGives()
    {
        var expected = _predictor.Predict(TrainedModels.Faces);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var prediction = _predictor.Predict(TrainedModels.Faces[i].Pixels, 48, 48);
            Assert.That(prediction.Scores.Select(score => score.Score), Is.EqualTo(expected[i].Scores.Select(score => score.Score))
                .Within(1e-5));
        });
    }

    [Test]
    public void Predict_BadInput_IsATypedError()
    {
        using var folder = new TestFolder();
        Assert.That(() => _predictor.Predict(folder.Path("absent.png")),
            Throws.TypeOf<FaceImageException>().With.Message.Contains("absent.png: can't be read"));
        Assert.That(() => _predictor.Predict(folder.Write("text.png", "hello")),
            Throws.TypeOf<FaceImageException>().With.Message.Contains("text.png: not an image"));
        Assert.That(() => _predictor.Predict(new byte[3], 2, 2), Throws.ArgumentException);
        // In a batch, the message names the first invalid image.
        Assert.That(() => _predictor.Predict([folder.Path("absent.png")]),
            Throws.TypeOf<FaceImageException>().With.Message.Contains("absent.png: can't be read"));
        Assert.That(() => _predictor.Predict([new MemoryStream([1, 2, 3])]),
            Throws.TypeOf<FaceImageException>().With.Message.StartsWith("image 0: not an image"));
    }

    [Test]
    public void Predict_Cancelled_Stops() =>
        Assert.That(() => _predictor.Predict(TrainedModels.Faces, cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void Predict_AfterDispose_IsRefused()
    {
        var predictor = EmotionPredictor.Load(TrainedModels.SevenPath);
        predictor.Dispose();
        predictor.Dispose();
        Assert.That(() => predictor.Predict(TrainedModels.Faces[0].Pixels, 48, 48), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => predictor.Predict(TrainedModels.Faces), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Dispose_WhileOthersPredict_LetsTheirCallsEnd_AndRefusesLaterOnes()
    {
        for (var round = 0; round < 20; round++)
        {
            var predictor = EmotionPredictor.Load(TrainedModels.SevenPath);
            using var begun = new CountdownEvent(3);
            var callers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                var predicted = 0;
                try
                {
                    while (true)
                    {
                        predictor.Predict(TrainedModels.Faces[0].Pixels, 48, 48);
                        if (predicted++ == 0)
                            begun.Signal();
                    }
                }
                catch (ObjectDisposedException)
                {
                    return predicted;
                }
            })).ToArray();
            begun.Wait();
            predictor.Dispose();
            Assert.That(Task.WhenAll(callers).GetAwaiter().GetResult(), Is.All.GreaterThan(0));
        }
    }
}
