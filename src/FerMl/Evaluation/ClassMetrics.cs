namespace FerMl;

/// <summary>How well one label is told.</summary>
/// <param name="Label">The label.</param>
/// <param name="Precision">Share of the faces given this label that have it; 0 where it was never given.</param>
/// <param name="Recall">Share of the faces with this label that were given it; 0 where there is none.</param>
/// <param name="F1">Harmonic mean of the two; 0 where both are.</param>
/// <param name="Support">Number of faces with this label.</param>
public sealed record ClassMetrics(string Label, double Precision, double Recall, double F1, int Support);
