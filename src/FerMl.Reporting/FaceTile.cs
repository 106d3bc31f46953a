namespace FerMl.Reporting;

/// <summary>One face of a grid.</summary>
/// <param name="Face">The face with its true label.</param>
/// <param name="Prediction">The model's prediction, or null for none.</param>
public sealed record FaceTile(FaceSample Face, EmotionPrediction? Prediction = null);
