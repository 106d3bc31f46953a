namespace FerMl.Benchmarking;

/// <summary>The best model of a study after some time.</summary>
/// <param name="Data">Name of the labels.</param>
/// <param name="Faces">Number of faces in the study.</param>
/// <param name="Minutes">The time; 0 for a pretrained model as is.</param>
/// <param name="Pipeline">The best pipeline.</param>
/// <param name="Trials">Number of started trials.</param>
/// <param name="Accuracy">Accuracy on faces that the study didn't use, 0..1.</param>
/// <param name="AccuracyLow">Lower end of its 95 % interval.</param>
/// <param name="AccuracyHigh">Upper end of the interval.</param>
/// <param name="CalibrationError">Expected calibration error, 0..1.</param>
internal sealed record AutoBenchmarkResult(
    string Data, int Faces, double Minutes, string Pipeline, int Trials, double Accuracy, double AccuracyLow, double AccuracyHigh,
    double CalibrationError)
{
    public static AutoBenchmarkResult Of(string data, int faces, double minutes, string pipeline, int trials, EmotionMetrics metrics) =>
        new(data, faces, minutes, pipeline, trials, metrics.Accuracy, metrics.AccuracyLow, metrics.AccuracyHigh,
            metrics.ExpectedCalibrationError);
}
