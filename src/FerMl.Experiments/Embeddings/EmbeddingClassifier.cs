namespace FerMl.Experiments;

/// <summary>A classifier of embeddings, which becomes the last part of a network.</summary>
internal abstract class EmbeddingClassifier
{
    /// <summary>Number of fitted parameters.</summary>
    public abstract long Parameters { get; }

    /// <summary>The logit of each label.</summary>
    /// <param name="embedding">The embedding of a face.</param>
    public abstract float[] Logits(ReadOnlySpan<float> embedding);

    /// <summary>Appends the classifier to a network.</summary>
    /// <param name="graph">The network's graph.</param>
    /// <param name="embedding">Name of the embedding tensor, [batch, length].</param>
    /// <returns>Name of the logits tensor, [batch, labels].</returns>
    public abstract string Export(OnnxGraph graph, string embedding);
}
