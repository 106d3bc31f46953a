using System.Numerics.Tensors;

namespace FerMl.Experiments;

/// <summary>Mean and standard deviation of each embedding dimension.</summary>
/// <param name="Means">The means.</param>
/// <param name="Deviations">The standard deviations; 1 for constant dimensions.</param>
internal sealed record Standardization(float[] Means, float[] Deviations)
{
    private const float Least = 1e-6f;

    public static Standardization Of(IReadOnlyList<float[]> embeddings)
    {
        var length = embeddings[0].Length;
        var (means, squares) = (new double[length], new double[length]);
        foreach (var embedding in embeddings)
            for (var i = 0; i < length; i++)
            {
                means[i] += embedding[i];
                squares[i] += (double)embedding[i] * embedding[i];
            }
        var deviations = new float[length];
        for (var i = 0; i < length; i++)
        {
            means[i] /= embeddings.Count;
            var deviation = (float)Math.Sqrt(Math.Max(0, squares[i] / embeddings.Count - means[i] * means[i]));
            deviations[i] = deviation > Least ? deviation : 1;
        }
        return new Standardization([.. means.Select(mean => (float)mean)], deviations);
    }

    /// <summary>Scales an embedding to mean 0 and standard deviation 1.</summary>
    public float[] Apply(float[] embedding)
    {
        var result = new float[embedding.Length];
        TensorPrimitives.Subtract<float>(embedding, Means, result);
        TensorPrimitives.Divide<float>(result, Deviations, result);
        return result;
    }
}
