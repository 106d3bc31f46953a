using System.Diagnostics.Metrics;

namespace FerMl.Service.Tests;

public sealed class BatchingPredictorTests
{
    private static readonly GrayImage[] Faces = [.. SyntheticFaces.Create(120, seed: 5).Samples
        .Select(face => new GrayImage(face.Pixels.ToArray(), FaceResampler.Side, FaceResampler.Side))];

    [Test]
    public async Task Predict_ByManyAtATime_AnswersEachWithItsOwnFaces()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var meter = new Meter("test");
        using var batching = new BatchingPredictor(predictor, meter.CreateHistogram<int>("faces"));
        var sizes = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, one) =>
            { if (instrument.Meter == meter) one.EnableMeasurementEvents(instrument); }
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) => { lock (sizes) sizes.Add(size); });
        listener.Start();
        var expected = predictor.Predict(Faces);
        // From one face to more faces than one batch.
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            await Task.Yield();
            var (first, count) = (i * 7 % 80, 1 + i * 13 % 40);
            var answers = batching.Predict([.. Faces.Skip(first).Take(count)]);
            for (var k = 0; k < count; k++)
                for (var s = 0; s < 7; s++)
                    Assert.That(answers[k].Scores[s].Score, Is.EqualTo(expected[first + k].Scores[s].Score).Within(1e-4));
        });
        Assert.That(sizes.Sum(), Is.EqualTo(Enumerable.Range(0, 200).Sum(i => 1 + i * 13 % 40)));
        Assert.That(sizes, Has.Count.LessThan(200 * 2), "faces of several calls were scored together");
    }

    [Test]
    public void Predict_OfABadImage_FailsAlone()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var meter = new Meter("test");
        using var batching = new BatchingPredictor(predictor, meter.CreateHistogram<int>("faces"));
        Assert.That(() => batching.Predict([new GrayImage(new byte[5], 48, 48)]), Throws.ArgumentException);
        Assert.That(() => batching.Predict(new MemoryStream([1, 2, 3])), Throws.TypeOf<FaceImageException>());
        Assert.That(batching.Predict(Array.Empty<GrayImage>()), Is.Empty);
        Assert.That(batching.Predict([Faces[0]]), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Predict_OfAFaceThatTheNetworkCantScore_FailsAlone_WhoeverWasScoredWithIt()
    {
        using var predictor = new EmotionPredictor(EmotionNetwork.Open(FerMl.Tests.FaultyNetwork.FailingForBrightFaces(), "faulty"));
        using var meter = new Meter("test");
        using var batching = new BatchingPredictor(predictor, meter.CreateHistogram<int>("faces"));
        var (bright, dark) = (new byte[48 * 48], new byte[48 * 48]);
        bright.AsSpan().Fill(240);
        var (answered, failed) = (0, 0);
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            await Task.Yield();
            try
            {
                batching.Predict([new GrayImage(i % 5 == 0 ? bright : dark, 48, 48)]);
                Interlocked.Increment(ref answered);
                Assert.That(i % 5, Is.Not.Zero);
            }
            catch (EmotionModelException e)
            {
                Interlocked.Increment(ref failed);
                Assert.That((i % 5, e.Message.Contains("NaN", StringComparison.Ordinal)), Is.EqualTo((0, true)));
            }
        });
        Assert.That((answered, failed), Is.EqualTo((160, 40)));
    }

    [Test]
    public void Predict_AfterDisposal_SaysSo()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var meter = new Meter("test");
        var batching = new BatchingPredictor(predictor, meter.CreateHistogram<int>("faces"));
        batching.Dispose();
        Assert.That(() => batching.Predict([Faces[0]]), Throws.TypeOf<ObjectDisposedException>());
    }
}
