using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace FerMl.Training;

/// <summary>
/// Simplifies a network that FerMl wrote without changing its results: folds each batch normalization into the weights of the convolution
/// before it (Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, section
/// 3.2).
/// </summary>
internal static class OnnxFolding
{
    private const float DefaultEpsilon = 1e-5f;

    /// <summary>Folds all batch normalizations, in place.</summary>
    /// <exception cref="InvalidDataException">The weights of a convolution or normalization aren't where FerMl writes them.</exception>
    public static void Fold(GraphProto graph)
    {
        var weights = new OnnxConstants(graph);
        foreach (var (convolution, normalization) in Pairs(graph).ToArray())
        {
            var (kernels, shape) = weights.Floats(convolution.Input[1]);
            var parts = Enumerable.Range(1, 4).Select(i => weights.Floats(normalization.Input[i]).Values).ToArray();
            var channels = shape.Length > 1 ? (int)shape[0] : 0;
            if (channels < 1 || parts.Any(part => part.Length != channels))
                throw new InvalidDataException($"{normalization.Name} has other channels than {convolution.Name}");
            var epsilon = normalization.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? DefaultEpsilon;
            var bias = new float[channels];
            var size = kernels.Length / channels;
            for (var c = 0; c < channels; c++)
            {
                var factor = parts[0][c] / MathF.Sqrt(parts[3][c] + epsilon);
                var kernel = kernels.AsSpan(c * size, size);
                TensorPrimitives.Multiply(kernel, factor, kernel);
                bias[c] = parts[1][c] - parts[2][c] * factor;
            }
            convolution.Input[1] = weights.Add($"{convolution.Name}_kernels", kernels, shape);
            convolution.Input.Add(weights.Add($"{convolution.Name}_bias", bias, [channels]));
            convolution.Output[0] = normalization.Output[0];
            graph.Node.Remove(normalization);
        }
        weights.RemoveUnused();
    }

    private static IEnumerable<(NodeProto Convolution, NodeProto Normalization)> Pairs(GraphProto graph) =>
        from normalization in graph.Node
        where normalization is { OpType: "BatchNormalization", Input.Count: 5 }
        let convolution = graph.Node.FirstOrDefault(
            node => node is { OpType: "Conv", Input.Count: 2 } && node.Output[0] == normalization.Input[0])
        where convolution is not null && graph.Node.Count(node => node.Input.Contains(convolution.Output[0])) == 1
        select (convolution, normalization);
}
