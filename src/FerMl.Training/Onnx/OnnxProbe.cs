using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training.Onnx;

/// <summary>Reads intermediate tensors of a network, by running a copy that also outputs them. It is thread-safe.</summary>
internal sealed class OnnxProbe : IDisposable
{
    /// <summary>Number of faces to run at once.</summary>
    public const int BatchSize = 16;

    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly string[] _names;

    /// <param name="model">The network, whose one input is pixel values.</param>
    /// <param name="names">The tensors to read, of type float.</param>
    /// <exception cref="OnnxRuntimeException">A tensor doesn't exist, or the network can't be run.</exception>
    public OnnxProbe(ModelProto model, IEnumerable<string> names)
    {
        (_input, _names) = (model.Graph.Input[0].Name, [.. names]);
        var copy = model.Clone();
        copy.Graph.Output.Add(_names.Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = OnnxConstants.FloatType } },
        }));
        _session = OnnxSession.Open(copy.ToByteArray());
    }

    /// <summary>Runs the network.</summary>
    /// <returns>The tensors, in the order of their names; the caller disposes them.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(PixelBatch batch)
    {
        var (pixels, height, width) = batch;
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / height / width, 1, height, width]);
        using var run = new RunOptions();
        return _session.Run(run, [_input], [input], _names);
    }

    public void Dispose() => _session.Dispose();
}
