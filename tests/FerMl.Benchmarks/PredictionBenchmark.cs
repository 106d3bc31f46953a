using BenchmarkDotNet.Attributes;
using FerMl.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Benchmarks;

/// <summary>Measures single predictions by FerMl's predictor and ML.NET's prediction engine, and many faces on all processors.</summary>
[MemoryDiagnoser]
public class PredictionBenchmark
{
    private readonly FerDataset _faces = SyntheticFaces.Create(560);
    private string _folder = "";
    private EmotionPredictor _predictor = null!;
    private PredictionEngine<FaceImage, ScoredFace> _engine = null!;
    private MLImage _image = null!;

    [Params("tiny", "paper-cnn", "paper-cnn-bilstm")]
    public string Preset { get; set; } = "";

    [GlobalSetup]
    public void Train()
    {
        _folder = Directory.CreateTempSubdirectory("ferml-benchmark-").FullName;
        var preset = NetworkPreset.Find(Preset);
        // Latency doesn't depend on the trained weights.
        var run = TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = _faces,
            Preset = preset,
            Training = preset.Defaults with { Epochs = 1 },
            Limit = 70,
            OutputFolder = _folder,
        });
        _predictor = EmotionPredictor.Load(run.ModelPath);
        var mlContext = new MLContext();
        _engine = mlContext.Model.CreatePredictionEngine<FaceImage, ScoredFace>(mlContext.Model.Load(run.ModelPath, out _));
        _image = MLImage.CreateFromPixels(
            48, 48, MLPixelFormat.Bgra32, _faces[0].Pixels.ToArray().SelectMany(level => new[] { level, level, level, (byte)255 })
            .ToArray());
    }

    [GlobalCleanup]
    public void Delete()
    {
        _image.Dispose();
        _engine.Dispose();
        _predictor.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public string PredictionEngine() => _engine.Predict(new FaceImage { Image = _image }).PredictedLabel;

    [Benchmark]
    public string Predictor() => _predictor.Predict(_image).Label;

    [Benchmark(OperationsPerInvoke = 560)]
    public int PredictorManyFaces() => _predictor.Predict(_faces).Count;
}
