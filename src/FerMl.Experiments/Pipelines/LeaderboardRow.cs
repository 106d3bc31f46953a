namespace FerMl.Experiments;

/// <summary>What one trial of a pipeline gave, on faces that it wasn't fitted to, at the temperature that suits it.</summary>
/// <param name="Trial">The trial's number.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Options">The values of its options.</param>
/// <param name="Score">The study's metric, in which more is better.</param>
/// <param name="Accuracy">Share of right answers, 0..1.</param>
/// <param name="AccuracyLow">Lower end of its 95 % interval (Wilson, 1927), each face counted once.</param>
/// <param name="AccuracyHigh">Upper end of it.</param>
/// <param name="MacroF1">Mean F1 of the labels, 0..1.</param>
/// <param name="LogLoss">Mean negative logarithm of the true label's probability, in nats.</param>
/// <param name="CalibrationError">Expected calibration error, 0..1.</param>
/// <param name="Parameters">Number of parameters that were fitted.</param>
/// <param name="Seconds">How long the trial took.</param>
public sealed record LeaderboardRow(
    int Trial, string Pipeline, Configuration Options, double Score, double Accuracy, double AccuracyLow, double AccuracyHigh,
        double MacroF1,
    double LogLoss, double CalibrationError, long Parameters, double Seconds);
