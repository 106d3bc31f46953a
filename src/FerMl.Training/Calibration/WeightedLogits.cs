namespace FerMl.Training;

/// <summary>Logits of one view of faces, and the share that its probabilities have in the scores.</summary>
/// <param name="Logits">[faces * classes].</param>
/// <param name="Weight">The share; those of all views sum to 1.</param>
internal readonly record struct WeightedLogits(float[] Logits, double Weight)
{
    /// <summary>The logits times a factor.</summary>
    public WeightedLogits Times(float factor) => this with { Logits = Array.ConvertAll(Logits, logit => logit * factor) };
}
