namespace FerMl.Experiments;

/// <summary>How good a trial was after some of its epochs.</summary>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="Score">The study's metric, in which more is better.</param>
public readonly record struct TrialScore(int Epochs, double Score);
