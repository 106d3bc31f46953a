using System.Numerics.Tensors;

namespace FerMl.Experiments;

/// <summary>
/// Softmax regression regularized toward given weights instead of 0: the maximum a posteriori weights under a Gaussian prior around the
/// model's original classifier (Bishop, "Pattern Recognition and Machine Learning", 2006, sections 4.3.4 and 4.5). Few faces change the
/// classifier little, many as much as needed. Minimized by accelerated gradient descent (Nesterov, 1983) with restarts (O'Donoghue and
/// Candès, 2015).
/// </summary>
internal static class PriorRegression
{
    private const int Iterations = 400;
    private const double Enough = 1e-6;

    /// <summary>Fits the classifier.</summary>
    /// <param name="embeddings">The embeddings of the faces.</param>
    /// <param name="truth">The label of each.</param>
    /// <param name="prior">The initial classifier and mean of the prior.</param>
    /// <param name="strength">Strength of the prior, above 0: changing a standardized weight by 1 adds half of it to the loss, in nats per
    /// face.</param>
    public static LinearClassifier Fit(IReadOnlyList<float[]> embeddings, IReadOnlyList<int> truth, LinearClassifier prior, double strength)
    {
        var scale = Standardization.Of(embeddings);
        float[][] rows = [.. embeddings.Select(scale.Apply)];
        float[][] offsets = [.. embeddings.Select(embedding => prior.Logits(embedding))];
        var (labels, inputs, count) = (prior.Biases.Count, rows[0].Length, rows.Length);
        // The last column is the bias, which isn't regularized.
        var (weights, ahead) = (new float[labels * (inputs + 1)], new float[labels * (inputs + 1)]);
        var gradient = new float[weights.Length];
        // The Hessian of the softmax loss is at most half of the data's second moments (Böhning, 1992).
        var step = 1 / (0.5 * LargestEigenvalue(rows) + strength);
        var momentum = 1.0;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            Gradient(ahead);
            var (dot, largest) = (0.0, 0.0);
            var next = (1 + Math.Sqrt(1 + 4 * momentum * momentum)) / 2;
            for (var i = 0; i < weights.Length; i++)
            {
                var moved = (float)(ahead[i] - step * gradient[i]);
                dot += gradient[i] * (double)(moved - weights[i]);
                largest = Math.Max(largest, Math.Abs(gradient[i]));
                ahead[i] = (float)(moved + (momentum - 1) / next * (moved - weights[i]));
                weights[i] = moved;
            }
            momentum = next;
            if (dot > 0)
            {
                momentum = 1;
                weights.CopyTo(ahead, 0);
            }
            if (largest < Enough)
                break;
        }
        var change = new LinearClassifier(
            [.. Enumerable.Range(0, labels).Select(label => weights[(label * (inputs + 1))..(label * (inputs + 1) + inputs)])],
            [.. Enumerable.Range(0, labels).Select(label => weights[label * (inputs + 1) + inputs])]).Unstandardized(scale);
        return new LinearClassifier(
            [.. prior.Weights.Zip(change.Weights, (before, added) => before.Zip(added, (a, b) => a + b).ToArray())],
            [.. prior.Biases.Zip(change.Biases, (before, added) => before + added)]);

        void Gradient(float[] at)
        {
            Array.Clear(gradient);
            var scores = new float[labels];
            for (var i = 0; i < count; i++)
            {
                for (var label = 0; label < labels; label++)
                    scores[label] = offsets[i][label] + at[label * (inputs + 1) + inputs]
                        + TensorPrimitives.Dot(at.AsSpan(label * (inputs + 1), inputs), rows[i]);
                TensorPrimitives.SoftMax(scores, scores);
                scores[truth[i]] -= 1;
                for (var label = 0; label < labels; label++)
                {
                    var part = gradient.AsSpan(label * (inputs + 1), inputs);
                    TensorPrimitives.MultiplyAdd(rows[i], scores[label] / count, part, part);
                    gradient[label * (inputs + 1) + inputs] += scores[label] / count;
                }
            }
            for (var label = 0; label < labels; label++)
            {
                var part = gradient.AsSpan(label * (inputs + 1), inputs);
                TensorPrimitives.MultiplyAdd(at.AsSpan(label * (inputs + 1), inputs), (float)strength, part, part);
            }
        }
    }

    /// <summary>Largest eigenvalue of the rows' mean outer product, each row extended by 1, by power iteration.</summary>
    private static double LargestEigenvalue(float[][] rows)
    {
        var vector = new float[rows[0].Length + 1];
        vector.AsSpan().Fill(1f / MathF.Sqrt(vector.Length));
        var eigenvalue = 1.0;
        for (var iteration = 0; iteration < 30; iteration++)
        {
            var product = new float[vector.Length];
            foreach (var row in rows)
            {
                var along = TensorPrimitives.Dot(row, vector.AsSpan(0, row.Length)) + vector[^1];
                TensorPrimitives.MultiplyAdd(row, along / rows.Length, product.AsSpan(0, row.Length), product.AsSpan(0, row.Length));
                product[^1] += along / rows.Length;
            }
            eigenvalue = TensorPrimitives.Norm<float>(product);
            if (eigenvalue == 0)
                return 1;
            TensorPrimitives.Divide(product, (float)eigenvalue, vector);
        }
        // Power iteration approaches the eigenvalue from below, so add a margin.
        return 1.1 * eigenvalue;
    }
}
