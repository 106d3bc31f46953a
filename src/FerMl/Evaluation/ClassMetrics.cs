namespace FerMl;

/// <summary>The metrics of one label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Precision">Share of the faces predicted as this label that have it; 0 if it is never predicted.</param>
/// <param name="Recall">Share of the faces with this label that are predicted as it; 0 if there are none.</param>
/// <param name="F1">Harmonic mean of precision and recall; 0 if both are 0.</param>
/// <param name="Support">Number of faces with this label.</param>
public sealed record ClassMetrics(string Label, double Precision, double Recall, double F1, int Support);
