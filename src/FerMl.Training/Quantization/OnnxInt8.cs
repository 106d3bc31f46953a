using FerMl.Training.Onnx;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace FerMl.Training;

/// <summary>
/// Rewrites a network so that its convolutions compute in int8: it adds QuantizeLinear and DequantizeLinear nodes around them, which ONNX
/// Runtime fuses into quantized kernels. A quantized number q represents the real number r = scale * (q - zero point) (Jacob et al.,
/// "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, equation 1). Activations are 0 to
/// 255, with a scale per tensor; weights are -64 to 64, with a scale per channel. Other layers don't change, nor do convolutions whose
/// output is the network's.
/// </summary>
internal sealed class OnnxInt8
{
    /// <summary>
    /// The maximum quantized weight. Processors without VNNI add two products of activation and weight in 16 bits, and saturate. 2 * 255 *
    /// 64 doesn't, so all processors give the same scores. The lost bit of precision changes scores by 0.0003
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    private const int MaxWeight = 64;

    /// <summary>The maximum quantized bias, so that no sum exceeds 32 bits.</summary>
    private const int MaxBias = 1 << 30;

    /// <summary>Operators that only select numbers, so that they work on quantized numbers too.</summary>
    private static readonly string[] Selections = ["Gather", "Concat", "Slice", "Pad", "MaxPool"];

    /// <summary>The operator that interpolates between numbers: its output needs no other range.</summary>
    private const string Interpolation = "Resize";

    private readonly GraphProto _graph;
    private readonly OnnxConstants _constants;
    private readonly IReadOnlyDictionary<string, (float Low, float High)> _ranges;
    private readonly List<NodeProto> _nodes = [];
    private readonly Dictionary<string, QuantizedTensor> _quantized = [];

    /// <summary>The quantized form of a tensor.</summary>
    /// <param name="Name">The quantized tensor.</param>
    /// <param name="Scale">The real value of one quantization step.</param>
    /// <param name="ZeroPoint">The quantized number that represents 0.</param>
    /// <param name="Shift">A correction to add to the real numbers, since the zero point is rounded.</param>
    private readonly record struct QuantizedTensor(string Name, float Scale, byte ZeroPoint, float Shift = 0);

    private OnnxInt8(GraphProto graph, IReadOnlyDictionary<string, (float Low, float High)> ranges) =>
        (_graph, _constants, _ranges) = (graph, new OnnxConstants(graph), ranges);

    /// <summary>Returns a copy of a network that computes in int8.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">Pixel values to measure the activations' ranges on.</param>
    /// <exception cref="InvalidDataException">The network isn't one that FerMl writes, or computes in int8 already.</exception>
    public static ModelProto Quantize(ModelProto network, IEnumerable<PixelBatch> batches)
    {
        if (OnnxFile.IsInt8(network.Graph))
            throw new InvalidDataException("it computes in int8 already");
        var model = network.Clone();
        OnnxFolding.Fold(model.Graph);
        new OnnxInt8(model.Graph, ActivationRanges.Of(model, Activations(model.Graph), batches)).Write();
        return model;
    }

    /// <summary>The tensors whose ranges are needed: inputs and outputs of int8 convolutions, and sums of those.</summary>
    private static List<string> Activations(GraphProto graph)
    {
        var pixels = PixelNormalization.In(graph).Select(input => input.Normalized).ToHashSet();
        var producers = graph.Node.SelectMany(node => node.Output.Where(output => output.Length > 0), (node, output) => (node, output))
            .ToDictionary(pair => pair.output, pair => pair.node);
        var found = new List<string>();
        foreach (var node in graph.Node.Where(node => !IsLast(graph, node)))
        {
            if (node.OpType == "Conv" && Source(node.Input[0]) is { } source && !pixels.Contains(source) && !found.Contains(source))
                found.Add(source);
            if (node.OpType == "Conv" || (node.OpType == "Add" && node.Input.All(found.Contains)))
                found.Add(Activated(graph, node).Output[0]);
        }
        return found;

        string Source(string name)
        {
            while (producers.TryGetValue(name, out var node)
                && (Selections.Contains(node.OpType) || node.OpType == Interpolation))
                name = node.Input[0];
            return name;
        }
    }

    /// <summary>
    /// Whether a convolution's output is the network's, perhaps reshaped. It stays float32: its channels are different quantities, such as
    /// scores and sizes, that one scale doesn't fit.
    /// </summary>
    private static bool IsLast(GraphProto graph, NodeProto node) => node.OpType == "Conv" && IsOutput(graph, node.Output[0]);

    private static bool IsOutput(GraphProto graph, string name) => graph.Output.Any(output => output.Name == name)
        || graph.Node.Any(next => next is { OpType: "Reshape" or "Concat", Output: [var output] } && next.Input.Contains(name)
            && IsOutput(graph, output));

    /// <summary>The ReLU that is a node's only consumer, or else the node: a ReLU's range excludes numbers below 0.</summary>
    private static NodeProto Activated(GraphProto graph, NodeProto node) =>
        graph.Node.Where(other => other.Input.Contains(node.Output[0])).Take(2).ToArray() is [{ OpType: "Relu" } relu] ? relu : node;

    private void Write()
    {
        var normalizations = PixelNormalization.In(_graph);
        var centers = normalizations.Select(input => input.Center).ToHashSet();
        var inputs = normalizations.ToDictionary(input => input.Scale);
        foreach (var node in _graph.Node.Where(node => !centers.Contains(node)))
            if (inputs.TryGetValue(node, out var pixels))
                QuantizeInput(pixels);
            else if (Selections.Contains(node.OpType) && _quantized.TryGetValue(node.Input[0], out var input))
                PassThrough(node, input);
            else if (node.OpType == Interpolation && _quantized.TryGetValue(node.Input[0], out var interpolated))
                Interpolate(node, interpolated);
            else
                Compute(node);
        _graph.Node.Clear();
        _graph.Node.Add(_nodes);
        _constants.RemoveUnused();
    }

    /// <summary>
    /// Pixel values are quantized already: the normalization's mean and factor become their zero point and scale. The biases of the
    /// convolutions that use them absorb the rounding error of the mean.
    /// </summary>
    private void QuantizeInput(PixelNormalization pixels)
    {
        var (mean, factor) = pixels.Read(_constants);
        var zero = (byte)Math.Clamp(MathF.Round(mean), 0, 255);
        var gray = Node("QuantizeLinear",
            [pixels.Center.Input[0], _constants.Add("gray_scale", [1f]), _constants.Add("gray_zero", [(byte)0])]);
        _quantized[pixels.Normalized] = new QuantizedTensor(gray, factor, zero, (zero - mean) * factor);
    }

    private void PassThrough(NodeProto node, QuantizedTensor input)
    {
        for (var i = 0; i < node.Input.Count; i++)
            if (_quantized.TryGetValue(node.Input[i], out var quantized) && quantized with { Name = input.Name } == input)
                node.Input[i] = quantized.Name;
            else if (!_constants.Contains(node.Input[i]))
                throw new InvalidDataException($"{node.Name} combines tensors that are quantized differently");
        _nodes.Add(node);
        _quantized[node.Output[0]] = input with { Name = node.Output[0] };
    }

    private void Interpolate(NodeProto node, QuantizedTensor input)
    {
        node.Input[0] = Dequantize(input);
        _nodes.Add(node);
        _quantized[node.Output[0]] = input with
        {
            Name = Node("QuantizeLinear", [node.Output[0], .. Parameters(node.Output[0], input.Scale, input.ZeroPoint)]),
        };
    }

    private void Compute(NodeProto node)
    {
        if (node.OpType == "Conv" && !IsLast(_graph, node))
            Convolve(node);
        else
            for (var i = 0; i < node.Input.Count; i++)
                if (_quantized.TryGetValue(node.Input[i], out var quantized))
                    node.Input[i] = Dequantize(quantized);
        _nodes.Add(node);
        foreach (var output in node.Output.Where(_ranges.ContainsKey))
            _quantized[output] = Quantize(output, _ranges[output]);
    }

    private void Convolve(NodeProto node)
    {
        if (!_quantized.TryGetValue(node.Input[0], out var input))
            throw new InvalidDataException($"{node.Name} takes a tensor whose range isn't known");
        var (kernels, shape) = _constants.Floats(node.Input[1]);
        if (shape.Length < 2)
            throw new InvalidDataException($"{node.Name} has kernels of {shape.Length} dimensions");
        var channels = (int)shape[0];
        var biases = node.Input.Count > 2 ? _constants.Floats(node.Input[2]).Values : new float[channels];
        if (biases.Length != channels)
            throw new InvalidDataException($"{node.Name} has {biases.Length} biases for {channels} channels");
        var size = kernels.Length / channels;
        var (scales, biasScales) = (new float[channels], new float[channels]);
        var (weights, quantizedBiases) = (new sbyte[kernels.Length], new int[channels]);
        for (var c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> kernel = kernels.AsSpan(c * size, size);
            var bias = biases[c] + input.Shift * TensorPrimitives.Sum(kernel);
            // If all weights are near 0, the bias determines the scale.
            var scale = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(kernel)) / MaxWeight, Math.Abs(bias) / input.Scale / MaxBias);
            scales[c] = scale > 0 ? scale : 1;
            biasScales[c] = input.Scale * scales[c];
            for (var i = 0; i < size; i++)
                weights[c * size + i] = (sbyte)MathF.Round(kernel[i] / scales[c]);
            quantizedBiases[c] = (int)MathF.Round(bias / biasScales[c]);
        }
        string[] inputs =
        [
            Dequantize(input),
            Node("DequantizeLinear",
                [_constants.Add($"{node.Name}_weights", weights, shape), _constants.Add($"{node.Name}_scales", scales, [channels])], 0),
            Node("DequantizeLinear",
                [_constants.Add($"{node.Name}_biases", quantizedBiases, [channels]),
                    _constants.Add($"{node.Name}_bias_scales", biasScales, [channels])], 0),
        ];
        node.Input.Clear();
        node.Input.Add(inputs);
    }

    private QuantizedTensor Quantize(string name, (float Low, float High) range)
    {
        // If only 0 occurred, any scale will do.
        var scale = range.High > range.Low ? (range.High - range.Low) / byte.MaxValue : 1;
        var zero = (byte)Math.Clamp(MathF.Round(-range.Low / scale), 0, byte.MaxValue);
        return new QuantizedTensor(Node("QuantizeLinear", [name, .. Parameters(name, scale, zero)]), scale, zero);
    }

    private string Dequantize(QuantizedTensor quantized) =>
        Node("DequantizeLinear", [quantized.Name, .. Parameters(quantized.Name, quantized.Scale, quantized.ZeroPoint)]);

    private string[] Parameters(string name, float scale, byte zero) =>
        [_constants.Add($"{name}_scale", [scale]), _constants.Add($"{name}_zero", [zero])];

    private string Node(string operation, IEnumerable<string> inputs, int? axis = null)
    {
        var output = $"{operation}_{_nodes.Count}_quantized";
        var node = new NodeProto { OpType = operation, Name = $"{output}_node", Input = { inputs }, Output = { output } };
        if (axis is { } value)
            node.Attribute.Add(new AttributeProto { Name = "axis", I = value, Type = AttributeProto.Types.Kind.Int });
        _nodes.Add(node);
        return output;
    }
}
