using Google.Protobuf;

namespace FerMl.Onnx;

/// <summary>Parses ONNX files, which come from model files and may be damaged.</summary>
internal static class OnnxFile
{
    /// <exception cref="InvalidDataException">The bytes aren't an ONNX file, or have no graph.</exception>
    public static ModelProto Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(bytes.Span);
            return model.Graph is null ? throw new InvalidDataException("it has no graph") : model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"it isn't an ONNX file, or is damaged ({e.Message})", e);
        }
    }

    /// <summary>Whether a network is quantized to int8, at least in part.</summary>
    /// <exception cref="InvalidDataException">The bytes aren't an ONNX file.</exception>
    public static bool IsInt8(ReadOnlyMemory<byte> onnx) => IsInt8(Parse(onnx).Graph);

    /// <summary>Whether a graph is quantized to int8, at least in part.</summary>
    public static bool IsInt8(GraphProto graph) => graph.Node.Any(node => node.OpType == "QuantizeLinear");
}
