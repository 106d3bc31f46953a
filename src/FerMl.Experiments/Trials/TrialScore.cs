namespace FerMl.Experiments;

/// <summary>The score of a trial after a number of epochs.</summary>
/// <param name="Epochs">Number of trained epochs.</param>
/// <param name="Score">The study's metric; higher is better.</param>
public readonly record struct TrialScore(int Epochs, double Score);
