namespace FerMl;

/// <summary>A labeled face and what a model says of it.</summary>
/// <param name="Face">The face.</param>
/// <param name="Prediction">Its scores, of the evaluated labels.</param>
public sealed record EvaluatedFace(FaceSample Face, EmotionPrediction Prediction)
{
    /// <summary>Whether the predicted label is the true one.</summary>
    public bool IsRight => Prediction.Label == Face.Label;

    /// <summary>The score of the true label, 0..1; 0 where the model doesn't have it.</summary>
    public float TrueScore => Prediction.Scores.FirstOrDefault(score => score.Label == Face.Label).Score;
}
