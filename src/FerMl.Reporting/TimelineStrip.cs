namespace FerMl.Reporting;

/// <summary>A strip of a timeline: one face.</summary>
/// <param name="Name">Its name, shown to its left.</param>
/// <param name="Spans">Its emotions, in order.</param>
public sealed record TimelineStrip(string Name, IReadOnlyList<TimelineSpan> Spans);
