namespace FerMl;

/// <summary>A labeled face and a model's prediction for it.</summary>
/// <param name="Face">The face.</param>
/// <param name="Prediction">The prediction, with scores for the evaluated labels.</param>
public sealed record EvaluatedFace(FaceSample Face, EmotionPrediction Prediction)
{
    /// <summary>Whether the predicted label is correct.</summary>
    public bool IsRight => Prediction.Label == Face.Label;

    /// <summary>The score of the true label, 0..1; 0 if the model lacks that label.</summary>
    public float TrueScore => Prediction.Scores.FirstOrDefault(score => score.Label == Face.Label).Score;
}
