namespace FerMl.Training;

/// <summary>Logits of one view of a set of faces, and the view's weight in the scores.</summary>
/// <param name="Logits">[faces * classes].</param>
/// <param name="Weight">The weight; the weights of all views sum to 1.</param>
internal readonly record struct WeightedLogits(float[] Logits, double Weight)
{
    /// <summary>The logits multiplied by a factor.</summary>
    public WeightedLogits Times(float factor) => this with { Logits = Array.ConvertAll(Logits, logit => logit * factor) };
}
