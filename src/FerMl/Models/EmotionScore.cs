namespace FerMl;

/// <summary>One label with its probability.</summary>
/// <param name="Label">The label, such as <c>happy</c>.</param>
/// <param name="Score">The probability, 0..1.</param>
public readonly record struct EmotionScore(string Label, float Score);
