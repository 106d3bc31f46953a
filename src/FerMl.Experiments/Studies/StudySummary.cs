namespace FerMl.Experiments;

/// <summary>The summary of a study in a list.</summary>
/// <param name="Definition">The study's definition.</param>
/// <param name="Trials">Number of started trials.</param>
/// <param name="Completed">Number of trials trained to the end.</param>
/// <param name="Best">Best score of the completed trials, or null.</param>
public sealed record StudySummary(StudyDefinition Definition, int Trials, int Completed, double? Best);
