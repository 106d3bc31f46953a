namespace FerMl.Experiments;

/// <summary>The result of a pipeline's trial on held-out faces, at the temperature fitted to it.</summary>
/// <param name="Trial">The trial's number.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Options">The values of its options.</param>
/// <param name="Score">The study's metric; higher is better.</param>
/// <param name="Accuracy">Accuracy, 0..1.</param>
/// <param name="AccuracyLow">Lower end of its 95 % interval (Wilson, 1927), with each face counted once.</param>
/// <param name="AccuracyHigh">Upper end of the interval.</param>
/// <param name="MacroF1">Mean F1 over the labels, 0..1.</param>
/// <param name="LogLoss">Mean negative logarithm of the true label's probability, in nats.</param>
/// <param name="CalibrationError">Expected calibration error, 0..1.</param>
/// <param name="Parameters">Number of fitted parameters.</param>
/// <param name="Seconds">Duration of the trial.</param>
public sealed record LeaderboardRow(
    int Trial, string Pipeline, Configuration Options, double Score, double Accuracy, double AccuracyLow, double AccuracyHigh,
        double MacroF1,
    double LogLoss, double CalibrationError, long Parameters, double Seconds);
