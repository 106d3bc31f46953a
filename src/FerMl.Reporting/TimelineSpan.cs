namespace FerMl.Reporting;

/// <summary>A time in which a face showed one emotion.</summary>
/// <param name="From">Its beginning, in seconds.</param>
/// <param name="To">Its end, in seconds.</param>
/// <param name="Label">The emotion.</param>
/// <param name="Confidence">How sure that is, 0..1.</param>
public sealed record TimelineSpan(double From, double To, string Label, double Confidence);
