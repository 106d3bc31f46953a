using System.Runtime.InteropServices;
using FerMl.Onnx;

namespace FerMl;

/// <summary>
/// Estimates the cost of a network before it is opened: the shape of every tensor for one face, or for the largest part of a photo that a
/// detector processes; the total bytes of the tensors; and the MACs of every operator. Shapes follow the ONNX specification, for the
/// operators that <see cref="OnnxContent"/> allows.
/// </summary>
internal sealed class OnnxWork
{
    // Fifty times the cost of fer7: 0.67 billion MACs for three views, and 46 MB of tensors.
    private const double MaxMultiplyAdds = 34e9, MaxBytes = 2.3e9;

    // Stands for dynamic dimensions other than the batch: the side of the largest part of a photo.
    private const long Open = 1_024;

    private readonly Dictionary<string, long[]> _shapes = [];
    private readonly Dictionary<string, TensorProto> _constants = [];
    private double _multiplyAdds, _numbers;

    private OnnxWork()
    {
    }

    /// <summary>Computes the cost of a network.</summary>
    /// <returns>MACs for one face, and the bytes of all tensors.</returns>
    /// <exception cref="InvalidDataException">The cost is too high or can't be determined.</exception>
    public static (double MultiplyAdds, double Bytes) Check(GraphProto graph)
    {
        var work = new OnnxWork();
        foreach (var input in graph.Input)
            work._shapes[input.Name] = [.. (input.Type?.TensorType?.Shape?.Dim ?? []).Select(
                (size, axis) => size.DimValue > 0 ? size.DimValue : axis == 0 ? 1 : Open)];
        foreach (var weights in graph.Initializer)
            work.Add(weights.Name, weights);
        foreach (var node in graph.Node)
            work.Add(node);
        return (work._multiplyAdds, sizeof(float) * work._numbers);
    }

    private void Add(string name, TensorProto constant)
    {
        _shapes[name] = [.. constant.Dims];
        _constants[name] = constant;
        Count(_shapes[name]);
    }

    private void Add(NodeProto node)
    {
        if (node.OpType == "Constant")
        {
            if (node.Attribute is [{ T: { } tensor }] && node.Output is [var constant])
            {
                Add(constant, tensor);
                return;
            }
            throw Unknown(node);
        }
        var outputs = Shapes(node);
        for (var i = 0; i < Math.Min(outputs.Length, node.Output.Count); i++)
        {
            _shapes[node.Output[i]] = outputs[i];
            Count(outputs[i]);
        }
        // Each output value has a cost, even if it is only copied.
        _multiplyAdds += outputs.Sum(Size) * PerNumber(node);
        if (!(_multiplyAdds <= MaxMultiplyAdds))
            throw new InvalidDataException(
                $"it takes more than {(MaxMultiplyAdds / 1e9).Invariant()} billion MACs per face");
    }

    private void Count(long[] shape)
    {
        if (shape.Any(size => size < 0))
            throw new InvalidDataException("it has a tensor without a size");
        _numbers += Size(shape);
        if (!(_numbers * sizeof(float) <= MaxBytes))
            throw new InvalidDataException($"it takes more than {(MaxBytes / 1e9).Invariant()} GB per face");
    }

    /// <summary>MACs per output value of an operator.</summary>
    private double PerNumber(NodeProto node) => node.OpType switch
    {
        "Conv" => Size(Shape(node, 1)[1..]),
        "Gemm" => Shape(node, 0)[^1],
        "MaxPool" => Size([.. Integers(node, "kernel_shape") ?? []]),
        "LSTM" => 4.0 * (Shape(node, 1)[^1] + Shape(node, 2)[^1]),
        "ReduceMean" => Size(Shape(node, 0)) / Math.Max(1, Size(Shapes(node)[0])),
        _ => 1,
    };

    private long[][] Shapes(NodeProto node)
    {
        try
        {
            return node.OpType switch
            {
                "Conv" => [Windows(node, [Shape(node, 0)[0], Shape(node, 1)[0]], Shape(node, 1)[2..])],
                "MaxPool" => [Windows(node, Shape(node, 0)[..2], Integers(node, "kernel_shape")!)],
                "Gemm" => [[Shape(node, 0)[0], Shape(node, 1)[Integer(node, "transB", 0) == 1 ? 0 : 1]]],
                "LSTM" => [[Shape(node, 0)[0], Shape(node, 2)[0], Shape(node, 0)[1], Shape(node, 2)[^1]],
                    [Shape(node, 2)[0], Shape(node, 0)[1], Shape(node, 2)[^1]]],
                "Add" or "Sub" or "Mul" or "Div" or "Sum" or "LessOrEqual" => [Broadcast(node)],
                "Concat" => [Concat(node)],
                "Split" => Split(node),
                "Reshape" => [Reshape(Shape(node, 0), Values(node, 1))],
                "Flatten" => [[Shape(node, 0)[0], (long)Size(Shape(node, 0)[1..])]],
                "Transpose" => [[.. Integers(node, "perm")!.Select(axis => Shape(node, 0)[axis])]],
                "Gather" => [Replaced(Shape(node, 0), Axis(node, 0), [.. Shape(node, 1)])],
                "Slice" => [Slice(node)],
                "Pad" => [Pad(node)],
                "Resize" => [Resize(node)],
                "ReduceMean" => [Reduce(node, Integers(node, "axes")!)],
                "ArgMax" => [Reduce(node, [Integer(node, "axis", 0)])],
                _ => [Shape(node, 0)],
            };
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or NullReferenceException or OverflowException)
        {
            throw Unknown(node);
        }
    }

    /// <summary>The output shape of a sliding window, for convolutions and pooling.</summary>
    private long[] Windows(NodeProto node, long[] first, long[] kernel)
    {
        if (node.Attribute.Any(attribute => attribute.Name == "auto_pad"))
            throw Unknown(node);
        var (pads, strides, dilations) = (Integers(node, "pads"), Integers(node, "strides"), Integers(node, "dilations"));
        var round = Integer(node, "ceil_mode", 0);
        var image = Shape(node, 0)[2..];
        return [.. first, .. image.Select((size, axis) =>
        {
            var free = checked(size + (pads is null ? 0 : pads[axis] + pads[axis + image.Length])
                - ((dilations?[axis] ?? 1) * (kernel[axis] - 1) + 1));
            var stride = strides?[axis] ?? 1;
            return stride < 1 || free < 0 ? throw Unknown(node) : (free + (round == 1 ? stride - 1 : 0)) / stride + 1;
        })];
    }

    private long[] Broadcast(NodeProto node)
    {
        var shapes = node.Input.Select(name => _shapes[name]).ToArray();
        var axes = shapes.Max(shape => shape.Length);
        return [.. Enumerable.Range(0, axes).Select(axis =>
            shapes.Max(shape => axis - (axes - shape.Length) is >= 0 and var own ? shape[own] : 1))];
    }

    private long[] Concat(NodeProto node)
    {
        var (shapes, axis) = (node.Input.Select(name => _shapes[name]).ToArray(), Axis(node, 0));
        return Replaced(shapes[0], axis, shapes.Sum(shape => shape[axis]));
    }

    private long[][] Split(NodeProto node)
    {
        var axis = Axis(node, 0);
        return [.. node.Output.Select(_ => Replaced(Shape(node, 0), axis, Shape(node, 0)[axis]))];
    }

    private static long[] Reshape(long[] shape, long[] target)
    {
        long[] result = [.. target.Select((size, axis) => size == 0 ? shape[axis] : size)];
        var open = Array.IndexOf(result, -1);
        if (open >= 0)
            result[open] = Math.Max(1, (long)(Size(shape) / Math.Max(1, Size([.. result.Where((_, axis) => axis != open)]))));
        return result;
    }

    private long[] Slice(NodeProto node)
    {
        var shape = (long[])Shape(node, 0).Clone();
        var (starts, ends, axes) = (Values(node, 1), Values(node, 2), Values(node, 3));
        for (var i = 0; i < axes.Length; i++)
            shape[axes[i]] = Math.Clamp(ends[i] - starts[i], 0, shape[axes[i]]);
        return shape;
    }

    private long[] Pad(NodeProto node)
    {
        var (shape, pads) = (Shape(node, 0), Values(node, 1));
        return [.. shape.Select((size, axis) => checked(size + pads[axis] + pads[axis + shape.Length]))];
    }

    private long[] Resize(NodeProto node)
    {
        var shape = Shape(node, 0);
        if (node.Input.Count > 3)
            return Values(node, 3);
        var scales = MemoryMarshal.Cast<byte, float>(_constants[node.Input[2]].RawData.Span).ToArray();
        return [.. shape.Select((size, axis) => checked((long)Math.Floor(size * (double)scales[axis])))];
    }

    private long[] Reduce(NodeProto node, long[] axes)
    {
        var shape = Shape(node, 0);
        var keeps = Integer(node, "keepdims", 1) == 1;
        return [.. shape.Index().Where(size => keeps || !axes.Contains(size.Index)).Select(
            size => axes.Contains(size.Index) ? 1 : size.Item)];
    }

    private int Axis(NodeProto node, long usual)
    {
        var axis = Integer(node, "axis", usual);
        return (int)(axis < 0 ? axis + Shape(node, 0).Length : axis);
    }

    private static long[] Replaced(long[] shape, int axis, params long[] sizes) => [.. shape[..axis], .. sizes, .. shape[(axis + 1)..]];

    private long[] Shape(NodeProto node, int input) =>
        input < node.Input.Count && _shapes.TryGetValue(node.Input[input], out var shape) ? shape : throw Unknown(node);

    /// <summary>The integers of an input, which must be constant.</summary>
    private long[] Values(NodeProto node, int input) =>
        input < node.Input.Count && _constants.TryGetValue(node.Input[input], out var values) && values.RawData.Length % sizeof(long) == 0
            ? MemoryMarshal.Cast<byte, long>(values.RawData.Span).ToArray() : throw Unknown(node);

    private static long[]? Integers(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is { } found ? [.. found.Ints] : null;

    private static long Integer(NodeProto node, string name, long usual) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? usual;

    private static double Size(long[] shape) => shape.Aggregate(1.0, (product, size) => product * size);

    private static InvalidDataException Unknown(NodeProto node) => new($"the cost of its operator {node.OpType} is unknown");
}
