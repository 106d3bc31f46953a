using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training.Onnx;

/// <summary>Reads intermediate tensors of a network, by running a copy that also outputs them. It is thread-safe.</summary>
internal sealed class OnnxProbe : IDisposable
{
    /// <summary>Number of faces to run at once.</summary>
    public const int BatchSize = 16;

    private readonly InferenceSession _session;
    private readonly string[] _names;

    /// <param name="model">The network.</param>
    /// <param name="names">The tensors to read, of type float.</param>
    /// <exception cref="OnnxRuntimeException">A tensor doesn't exist, or the network can't be run.</exception>
    public OnnxProbe(ModelProto model, IEnumerable<string> names)
    {
        _names = [.. names];
        var copy = model.Clone();
        copy.Graph.Output.Add(_names.Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = OnnxConstants.FloatType } },
        }));
        _session = OnnxSession.Open(copy.ToByteArray());
    }

    /// <summary>Runs the network on faces.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 per face.</param>
    /// <returns>The tensors, in the order of their names; the caller disposes them.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(float[] pixels)
    {
        const int side = FaceResampler.Side;
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / FaceResampler.PixelCount, 1, side, side]);
        using var run = new RunOptions();
        return _session.Run(run, [EmotionNetwork.InputName], [input], _names);
    }

    /// <summary>Runs the network on faces.</summary>
    /// <param name="faces">2,304 pixel values each.</param>
    /// <returns>The tensors, in the order of their names; the caller disposes them.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(IEnumerable<byte[]> faces) =>
        Run([.. faces.SelectMany(face => face, (_, level) => (float)level)]);

    public void Dispose() => _session.Dispose();
}
