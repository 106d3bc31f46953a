namespace FerMl.Reporting;

/// <summary>A time span in which a face showed one emotion.</summary>
/// <param name="From">Start, in seconds.</param>
/// <param name="To">End, in seconds.</param>
/// <param name="Label">The emotion.</param>
/// <param name="Confidence">Confidence, 0..1.</param>
public sealed record TimelineSpan(double From, double To, string Label, double Confidence);
