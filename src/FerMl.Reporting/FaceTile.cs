namespace FerMl.Reporting;

/// <summary>One face of a grid.</summary>
/// <param name="Face">The face with its true label.</param>
/// <param name="Prediction">What a model says of it, or null where none was asked.</param>
public sealed record FaceTile(FaceSample Face, EmotionPrediction? Prediction = null);
