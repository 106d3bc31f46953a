namespace FerMl.Experiments;

/// <summary>A study in a list.</summary>
/// <param name="Definition">What it searches.</param>
/// <param name="Trials">Number of trials begun.</param>
/// <param name="Completed">Number trained to the end.</param>
/// <param name="Best">The best score of those, or null.</param>
public sealed record StudySummary(StudyDefinition Definition, int Trials, int Completed, double? Best);
