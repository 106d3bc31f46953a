using System.Diagnostics;

namespace FerMl.Benchmarks;

/// <summary>
/// Predicts on 32 threads while models are opened and disposed of. Expects no crash and constant memory use.
/// </summary>
internal static class PredictionSoak
{
    private const int Threads = 32;

    public static void Run(TimeSpan length)
    {
        var faces = SyntheticFaces.Create(70, seed: 5);
        using var file = new MemoryStream();
        CopyModel(file);
        var current = Open(0);
        long predictions = 0, refused = 0, models = 1;
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() =>
        {
            for (var i = thread; watch.Elapsed < length; i++)
                try
                {
                    if (i % 50 == 0)
                        _ = current.Predict(faces).Count;
                    else
                        _ = current.Predict(faces[i % faces.Count].Pixels, 48, 48).Label;
                    Interlocked.Increment(ref predictions);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
        }, TaskCreationOptions.LongRunning)).ToArray();
        var next = TimeSpan.Zero;
        while (watch.Elapsed < length)
        {
            Thread.Sleep(20);
            Interlocked.Exchange(ref current, Open(models++)).Dispose();
            if (watch.Elapsed < next)
                continue;
            next += length / 10;
            Console.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalMinutes:F1} min: {Environment.WorkingSet >> 20} MB, ")
                + $"{predictions} predictions, {refused} refused, {models} models");
        }
        Task.WaitAll(threads);
        current.Dispose();

        EmotionPredictor Open(long number) => number % 3 == 0
            ? EmotionPredictor.Load(new MemoryStream(file.ToArray()))
            : EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
    }

    private static void CopyModel(MemoryStream file)
    {
        using var model = typeof(EmotionPredictor).Assembly.GetManifestResourceStream("fer7-fast.zip")!;
        model.CopyTo(file);
    }
}
