using FerMl.Training.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// The vector that a network of single faces has of each face before its classifier: what it knows of the face. Views of a face are
/// averaged.
/// </summary>
internal sealed class FrameFeatures : IDisposable
{
    private const int FloatType = 1;
    private const int BatchSize = 16;

    private readonly InferenceSession _session;
    private readonly string _name;

    /// <param name="model">The model of single faces.</param>
    /// <exception cref="EmotionModelException">It is none, or an ensemble.</exception>
    public FrameFeatures(EmotionModel model)
    {
        ModelCalibrator.RefuseClips(model);
        Network = model.Onnx;
        InferenceSession? session = null;
        try
        {
            var proto = OnnxFile.Parse(Network);
            _name = NameOf(proto.Graph) ?? throw new InvalidDataException("it has not one classifier");
            proto.Graph.Output.Add(new ValueInfoProto
            {
                Name = _name,
                Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = FloatType } },
            });
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            OnnxMemory.Limit(options);
            _session = session = new InferenceSession(proto.ToByteArray(), options);
            if (Run(new float[FaceResampler.PixelCount], 1).Shape is not [>= 1 and <= 64 and var views, >= 2 and <= 65_536 and var width]
                || width % 2 != 0)
                throw new InvalidDataException("what its classifier takes is no vector of an even number of numbers");
            (Views, Width) = ((int)views, (int)width);
            session = null;
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException(
                $"{model.Name}: {e.Message.Split('\n')[0]}; clips follow a single model of single faces, such as fer7 or fer7-fast.", e);
        }
        finally
        {
            session?.Dispose();
        }
    }

    /// <summary>The network.</summary>
    public ReadOnlyMemory<byte> Network { get; }

    /// <summary>Views of a face that it looks at.</summary>
    public int Views { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Width { get; }

    /// <summary>What the classifier takes, of a network with one; else null.</summary>
    public static string? NameOf(GraphProto graph) =>
        graph.Node.Where(node => node.OpType == "Softmax").Take(2).Count() == 1
            && graph.Node.LastOrDefault(node => node.OpType == "Gemm") is { Input: [var vector, ..] } ? vector : null;

    /// <summary>The vectors of faces. May be called by several threads.</summary>
    /// <param name="pixels">Gray levels 0..255, 2,304 a face.</param>
    /// <param name="count">Number of faces.</param>
    public float[] Of(float[] pixels, int count)
    {
        var mean = new float[count * Width];
        for (var first = 0; first < count; first += BatchSize)
        {
            var size = Math.Min(BatchSize, count - first);
            var (values, _) = Run(pixels.AsSpan(first * FaceResampler.PixelCount, size * FaceResampler.PixelCount).ToArray(), size);
            // The views of all faces stand one after the other.
            var length = size * Width;
            for (var i = 0; i < values.Length; i++)
                mean[first * Width + i % length] += values[i] / Views;
        }
        return mean;
    }

    public void Dispose() => _session.Dispose();

    private (float[] Values, long[] Shape) Run(float[] pixels, int count)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [count, 1, FaceResampler.Side, FaceResampler.Side]);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, [EmotionNetwork.InputName], [input], [_name]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[0].GetTensorTypeAndShape().Shape);
    }
}
