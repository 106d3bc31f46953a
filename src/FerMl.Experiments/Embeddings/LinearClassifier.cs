using System.Numerics.Tensors;

namespace FerMl.Experiments;

/// <summary>A fully connected layer.</summary>
/// <param name="weights">A row of weights for each label.</param>
/// <param name="biases">The bias of each label.</param>
internal sealed class LinearClassifier(float[][] weights, float[] biases) : EmbeddingClassifier
{
    public IReadOnlyList<float[]> Weights => weights;
    public IReadOnlyList<float> Biases => biases;
    public override long Parameters => biases.Length * (weights[0].Length + 1L);

    public override float[] Logits(ReadOnlySpan<float> embedding)
    {
        var logits = new float[biases.Length];
        for (var label = 0; label < logits.Length; label++)
            logits[label] = TensorPrimitives.Dot(weights[label], embedding) + biases[label];
        return logits;
    }

    public override string Export(OnnxGraph graph, string embedding) => graph.Node("Gemm",
        [embedding, graph.Floats(weights.SelectMany(row => row).ToArray(), biases.Length, weights[0].Length),
            graph.Floats(biases, biases.Length)], null, ("transB", 1));

    /// <summary>Converts a classifier fitted to standardized embeddings to one for raw embeddings.</summary>
    /// <param name="scale">The standardization.</param>
    public LinearClassifier Unstandardized(Standardization scale)
    {
        var (plain, shifted) = (new float[weights.Length][], (float[])biases.Clone());
        for (var label = 0; label < weights.Length; label++)
        {
            plain[label] = new float[weights[label].Length];
            TensorPrimitives.Divide(weights[label], scale.Deviations, plain[label]);
            shifted[label] -= TensorPrimitives.Dot<float>(plain[label], scale.Means);
        }
        return new LinearClassifier(plain, shifted);
    }
}
