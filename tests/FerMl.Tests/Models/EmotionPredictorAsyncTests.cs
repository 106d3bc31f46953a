using Microsoft.Extensions.DependencyInjection;

namespace FerMl.Tests;

/// <summary>The predictor in a web service: request bodies in pieces, too large or empty, and dependency injection.</summary>
public class EmotionPredictorAsyncTests : FolderTests
{
    private static readonly byte[] Face = FaceFiles.Png(SyntheticFaces.Create(70, seed: 5)[3].Pixels);

    [Test]
    public async Task PredictAsync_OfAStreamThatMayNotBlock_IsThatOfTheFile()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var path = Folder.Write("face.png", Face);
        var expected = predictor.Predict(path).Scores;
        Assert.That((await predictor.PredictAsync(new Body(Face))).Scores, Is.EqualTo(expected));
        Assert.That((await predictor.PredictAsync(path)).Scores, Is.EqualTo(expected));
    }

    [Test]
    public void PredictAsync_OfTooMuchOrNothing_IsATypedError()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        Assert.That(async () => await predictor.PredictAsync(new Body(new byte[ImageDecoder.MaxEncodedBytes + 1]), "upload"),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo("upload: the file is larger than the 64 MB that are accepted."));
        Assert.That(async () => await predictor.PredictAsync(new Body([]), "upload"),
            Throws.TypeOf<FaceImageException>().With.Message.EqualTo("upload: the file is empty."));
        Assert.That(async () => await predictor.PredictAsync(Folder.Path("nothing.png")), Throws.TypeOf<FaceImageException>());
    }

    [Test]
    public void PredictAsync_Stopped_StopsReading()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var stop = new CancellationTokenSource();
        var waiting = predictor.PredictAsync(new Body(Face) { IsEndless = true }, cancellationToken: stop.Token);
        stop.Cancel();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Load_OfAStream_IsTheModel_AndStaysTheCallers()
    {
        using var file = PretrainedModels.Open(PretrainedModel.SevenFast);
        using var predictor = EmotionPredictor.Load(file, "fast");
        Assert.That(predictor.Labels, Has.Count.EqualTo(7));
        Assert.That(file.CanRead, Is.True);
        Assert.That(() => EmotionPredictor.Load(new MemoryStream([1, 2, 3]), "upload"),
            Throws.TypeOf<EmotionModelException>().With.Message.StartsWith("upload: "));
    }

    [Test]
    public void Predict_OfListsWithNull_IsAnArgumentErrorThatSaysWhere()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        Assert.That(() => predictor.Predict((string[])["a.png", null!]), Throws.ArgumentException.With.Message.StartsWith("Item 1 of 2 "
            + "is null."));
        Assert.That(() => predictor.Predict((Stream[])[null!]), Throws.ArgumentException.With.Message.StartsWith("Item 0 of 1 is null."));
        Assert.That(() => predictor.Predict((Microsoft.ML.Data.MLImage[])[null!]), Throws.ArgumentException);
    }

    [Test]
    public void AddFerMl_GivesOnePredictorToAll_AndFreesIt()
    {
        EmotionPredictor predictor;
        using (var services = new ServiceCollection().AddFerMl(PretrainedModel.SevenFast).BuildServiceProvider())
        {
            predictor = services.GetRequiredService<EmotionPredictor>();
            Assert.That(services.GetRequiredService<IEmotionPredictor>(), Is.SameAs(predictor));
        }
        Assert.That(() => predictor.Predict(new byte[FaceResampler.PixelCount], 48, 48), Throws.TypeOf<ObjectDisposedException>());
        using var missing = new ServiceCollection().AddFerMl(Folder.Path("no.zip")).BuildServiceProvider();
        Assert.That(() => missing.GetRequiredService<IEmotionPredictor>(), Throws.TypeOf<EmotionModelException>());
        Assert.That(() => new ServiceCollection().AddFerMl((PretrainedModel)99), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void NewPrediction_ForFakes_IsChecked()
    {
        var prediction = new EmotionPrediction(["happy", "sad"], [0.2f, 0.8f]);
        Assert.That((prediction.Label, prediction.Confidence), Is.EqualTo(("sad", 0.8f)));
        Assert.That(() => new EmotionPrediction(["happy"], [0.2f, 0.8f]), Throws.ArgumentException);
        Assert.That(() => new EmotionPrediction([], []), Throws.ArgumentException);
        Assert.That(() => new EmotionPrediction(["happy"], [float.NaN]), Throws.ArgumentException);
    }

    [Test]
    public void Load_OfAnArchiveThatUnpacksToMuchMore_IsRefusedWithoutTheMemory()
    {
        using var file = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(file, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("TransformerChain/OnnxModel").Open())
            for (var i = 0; i < 200; i++)
                entry.Write(new byte[1 << 20]);
        file.Position = 0;
        var before = GC.GetTotalAllocatedBytes();
        Assert.That(() => EmotionModel.Load(file, "bomb.zip"),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("the network is larger than the 16 MB that are accepted"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(100 << 20));
    }

    /// <summary>A request body like ASP.NET Core's: asynchronous reads only, in small pieces.</summary>
    private sealed class Body(byte[] bytes) : Stream
    {
        private int _place;

        public bool IsEndless { get; init; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (_place == bytes.Length && IsEndless)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            var count = Math.Min(Math.Min(buffer.Length, bytes.Length > 1 << 20 ? 1 << 16 : 100), bytes.Length - _place);
            bytes.AsMemory(_place, count).CopyTo(buffer);
            _place += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous reads are off.");
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
