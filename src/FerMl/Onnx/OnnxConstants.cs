using System.Runtime.InteropServices;
using Google.Protobuf;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace FerMl.Onnx;

/// <summary>
/// The constants of a graph by the names of nodes' inputs: initializers, constant nodes, and float16 weights that a cast converts to
/// float32.
/// </summary>
internal sealed class OnnxConstants
{
    /// <summary>ONNX's numbers of data types.</summary>
    public const int FloatType = 1, HalfType = 10;

    private const int UInt8Type = 2, Int8Type = 3, Int32Type = 6;

    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _tensors = [];

    public OnnxConstants(GraphProto graph)
    {
        _graph = graph;
        foreach (var initializer in graph.Initializer)
            _tensors[initializer.Name] = initializer;
        foreach (var node in graph.Node.Where(node => node.Output.Count == 1))
            if (node is { OpType: "Constant", Attribute: [{ T: { } value }, ..] })
                _tensors[node.Output[0]] = value;
            else if (node is { OpType: "Cast", Input: [var source] } && _tensors.TryGetValue(source, out var cast))
                _tensors[node.Output[0]] = cast;
    }

    /// <summary>Whether a constant with this name exists.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The shape of the constant with this name; null if there is none.</summary>
    public IReadOnlyList<long>? ShapeOf(string name) => _tensors.GetValueOrDefault(name)?.Dims;

    /// <summary>The value of the scalar constant with this name.</summary>
    /// <exception cref="InvalidDataException">There is no such constant, or it isn't a single value.</exception>
    public float Number(string name) => Floats(name).Values is [var only] ? only
        : throw new InvalidDataException($"'{name}' isn't a scalar");

    /// <summary>Gets the value of the float32 scalar constant with this name, if there is one.</summary>
    public bool TryNumber(string name, out float number)
    {
        var isNumber = _tensors.TryGetValue(name, out var tensor) && tensor is { DataType: FloatType, RawData.Length: sizeof(float) };
        number = isNumber ? BitConverter.ToSingle(tensor!.RawData.Span) : 0;
        return isNumber;
    }

    /// <summary>A copy of the values of the constant with this name, in float32, and its shape, which has no empty dimension.</summary>
    /// <exception cref="InvalidDataException">There is no such constant, it isn't float32 or float16, or its shape is wrong.</exception>
    public (float[] Values, long[] Shape) Floats(string name)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw new InvalidDataException($"'{name}' isn't a constant");
        var bytes = tensor.RawData.Span;
        var count = bytes.Length / (tensor.DataType == HalfType ? 2 : sizeof(float));
        if (tensor.Dims.Any(length => length < 1 || length > count)
            || tensor.Dims.Aggregate((UInt128)1, (product, length) => product * (UInt128)length) != (UInt128)count)
            throw new InvalidDataException($"'{name}' has more or fewer values than its shape");
        if (tensor.DataType == FloatType && bytes.Length == count * sizeof(float))
            return (MemoryMarshal.Cast<byte, float>(bytes).ToArray(), [.. tensor.Dims]);
        if (tensor.DataType != HalfType || bytes.Length != count * 2)
            throw new InvalidDataException($"'{name}' isn't float32 or float16");
        var values = new float[count];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
        return (values, [.. tensor.Dims]);
    }

    /// <summary>Adds a constant; its name starts with the given one, and is made unique.</summary>
    /// <returns>The name.</returns>
    public string Add(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Add(name, FloatType, MemoryMarshal.AsBytes(values), shape);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Add(string name, ReadOnlySpan<byte> values, params ReadOnlySpan<long> shape) => Add(name, UInt8Type, values, shape);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Add(string name, ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape) =>
        Add(name, Int8Type, MemoryMarshal.AsBytes(values), shape);

    /// <inheritdoc cref="Add(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Add(string name, ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) =>
        Add(name, Int32Type, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Replaces the value of a scalar constant.</summary>
    public void Replace(string name, float value)
    {
        var tensor = _tensors[name];
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes([value]));
    }

    private string Add(string name, int type, ReadOnlySpan<byte> values, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(values) };
        tensor.Dims.AddRange(shape);
        for (var i = 2; _tensors.ContainsKey(tensor.Name); i++)
            tensor.Name = $"{name}_{i}";
        _tensors.Add(tensor.Name, tensor);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Removes constants without uses, and the nodes that produce them.</summary>
    public void RemoveUnused()
    {
        var used = _graph.Node.SelectMany(node => node.Input).ToHashSet();
        foreach (var node in _graph.Node.Where(node => node is { OpType: "Cast", Output: [var output] } && _tensors.ContainsKey(output)
            && !used.Contains(output)).ToArray())
            _graph.Node.Remove(node);
        used = [.. _graph.Node.SelectMany(node => node.Input)];
        foreach (var node in _graph.Node.Where(node => node is { OpType: "Constant", Output: [var output] } && !used.Contains(output))
            .ToArray())
            _graph.Node.Remove(node);
        foreach (var initializer in _graph.Initializer.Where(initializer => !used.Contains(initializer.Name)).ToArray())
            _graph.Initializer.Remove(initializer);
    }
}
