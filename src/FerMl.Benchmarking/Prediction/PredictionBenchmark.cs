using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>
/// Measures the inference speed of models, for int8 models in float32, too. All formats are measured in turns, so that background load
/// affects them equally.
/// </summary>
internal static class PredictionBenchmark
{
    private const string Int8 = "int8";
    private const string SinglePrecision = "float32";
    private const int Singles = 100;
    private const int Many = 256;
    private const int Side = FaceResampler.Side;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="models">The models by their names in the result.</param>
    /// <param name="faces">Labeled faces for the accuracy, or null.</param>
    /// <param name="rounds">Number of turns per format, at least 1.</param>
    /// <param name="cancellation">Cancels the benchmark.</param>
    /// <returns>The speed by model name and format, <c>int8</c> or <c>float32</c>.</returns>
    /// <exception cref="ArgumentException">There are no models or no turns.</exception>
    /// <exception cref="EmotionModelException">A model is a clip model.</exception>
    /// <exception cref="OperationCanceledException">The benchmark was canceled.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, PredictionSpeed>> Run(
        IReadOnlyDictionary<string, EmotionModel> models, FerDataset? faces = null, int rounds = 5,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentOutOfRangeException.ThrowIfZero(models.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var drawn = SyntheticFaces.Create(Many, seed: 1);
        var entrants = new List<Entrant>();
        try
        {
            foreach (var (name, model) in models)
                foreach (var (format, onnx) in Formats(model))
                    entrants.Add(new Entrant(name, format, onnx));
            for (var round = 0; round < rounds; round++)
                foreach (var entrant in entrants)
                    entrant.Measure(drawn, cancellation);
            return entrants.GroupBy(entrant => entrant.Model).ToDictionary(
                group => group.Key, IReadOnlyDictionary<string, PredictionSpeed> (group) => Speeds([.. group], faces, cancellation));
        }
        finally
        {
            foreach (var entrant in entrants)
                entrant.Dispose();
        }
    }

    private static IEnumerable<(string Format, ReadOnlyMemory<byte> Onnx)> Formats(EmotionModel model) =>
        !OnnxFile.IsInt8(model.Onnx) ? [(SinglePrecision, model.Onnx)]
        : model.HasTrained ? [(SinglePrecision, model.TrainedOnnx), (Int8, model.Onnx)] : [(Int8, model.Onnx)];

    private static Dictionary<string, PredictionSpeed> Speeds(Entrant[] formats, FerDataset? faces, CancellationToken cancellation)
    {
        var accuracies = faces is null ? null : Array.ConvertAll(formats, entrant => entrant.Accuracy(faces, cancellation));
        return formats.Index().ToDictionary(format => format.Item.Format, format => format.Item.Speed() with
        {
            Accuracy = accuracies?[format.Index],
            AccuracyDelta = formats.Length > 1 || format.Item.Format == SinglePrecision ? accuracies?[format.Index] - accuracies?[0] : null,
        });
    }

    private sealed class Entrant : IDisposable
    {
        private readonly byte[] _onnx;
        private readonly EmotionPredictor _predictor;
        private readonly List<double> _singles = [];
        private readonly List<double> _firsts = [];
        private readonly List<double> _rates = [];

        public Entrant(string model, string format, ReadOnlyMemory<byte> onnx)
        {
            (Model, Format, _onnx) = (model, format, onnx.ToArray());
            _predictor = Open();
        }

        public string Model { get; }

        public string Format { get; }

        public void Measure(FerDataset faces, CancellationToken cancellation)
        {
            var start = Stopwatch.GetTimestamp();
            using (var fresh = Open())
                fresh.Predict(faces[0].Pixels, Side, Side);
            _firsts.Add(Milliseconds(start));
            for (var i = 0; i < Singles; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                start = Stopwatch.GetTimestamp();
                _predictor.Predict(faces[i % faces.Count].Pixels, Side, Side);
                _singles.Add(Milliseconds(start));
            }
            start = Stopwatch.GetTimestamp();
            _predictor.Predict(faces, cancellationToken: cancellation);
            _rates.Add(faces.Count / Milliseconds(start) * 1_000);
        }

        public double Accuracy(FerDataset faces, CancellationToken cancellation)
        {
            string[] labels = [.. _predictor.Labels];
            var known = faces.Where(face => labels.Contains(face.Label));
            return _predictor.Predict(known, cancellationToken: cancellation).Index()
                .Average(face => face.Item.Label == known[face.Index].Label ? 1.0 : 0.0);
        }

        public PredictionSpeed Speed() => new(At(_singles, 0.5), At(_singles, 0.95), At(_rates, 0.5), At(_firsts, 0.5));

        public void Dispose() => _predictor.Dispose();

        private EmotionPredictor Open() => new(EmotionNetwork.Open(_onnx, Model, isTried: true));

        private static double Milliseconds(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        private static double At(List<double> values, double share)
        {
            values.Sort();
            return values[(int)(share * (values.Count - 1))];
        }
    }
}
