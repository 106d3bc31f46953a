using FerMl.Training.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FerMl.Training;

/// <summary>
/// Extracts a face's embedding: the input of the classifier of a single-face network. The embeddings of a face's views are averaged.
/// </summary>
internal sealed class FrameFeatures : IDisposable
{
    private readonly OnnxProbe _probe;

    /// <param name="model">The single-face model.</param>
    /// <exception cref="EmotionModelException">The model isn't a single-face model, or is an ensemble.</exception>
    public FrameFeatures(EmotionModel model)
    {
        model.RequireSingleFaces();
        Network = model.Onnx;
        OnnxProbe? probe = null;
        try
        {
            var graph = ClassifierGraph.Parse(Network);
            probe = _probe = new OnnxProbe(
                graph.Model, [NameOf(graph) ?? throw new InvalidDataException("it doesn't have exactly one classifier")]);
            using var ofOne = probe.Run(PixelBatch.Of(new float[FaceResampler.PixelCount]));
            if (ofOne[0].GetTensorTypeAndShape().Shape is not [>= 1 and <= 64 and var views, >= 2 and <= 65_536 and var width]
                || width % 2 != 0)
                throw new InvalidDataException("the input of its classifier isn't a vector of even length");
            (Views, Width) = ((int)views, (int)width);
            probe = null;
        }
        catch (Exception e) when (e is InvalidDataException or OnnxRuntimeException)
        {
            throw new EmotionModelException(
                $"{model.Name}: {e.Message.Split('\n')[0]}; clip models build on one model of single faces: fer7 or fer7-fast.", e);
        }
        finally
        {
            probe?.Dispose();
        }
    }

    /// <summary>The network.</summary>
    public ReadOnlyMemory<byte> Network { get; }

    /// <summary>Number of views per face.</summary>
    public int Views { get; }

    /// <summary>Length of an embedding.</summary>
    public int Width { get; }

    /// <summary>The name of the classifier's input, for networks with one classifier; otherwise null.</summary>
    public static string? NameOf(ClassifierGraph graph) => graph.Members is [var only] ? only.Embedding : null;

    /// <summary>Computes the embeddings of faces. It is thread-safe.</summary>
    /// <param name="pixels">Pixel values 0..255, 2,304 per face.</param>
    /// <param name="count">Number of faces.</param>
    public float[] Of(float[] pixels, int count)
    {
        var mean = new float[count * Width];
        for (var first = 0; first < count; first += OnnxProbe.BatchSize)
        {
            var size = Math.Min(OnnxProbe.BatchSize, count - first);
            using var outputs = _probe.Run(PixelBatch.Of(
                pixels.AsSpan(first * FaceResampler.PixelCount, size * FaceResampler.PixelCount).ToArray()));
            var values = outputs[0].GetTensorDataAsSpan<float>();
            // The output contains the views one after the other, each with all faces.
            var length = size * Width;
            for (var i = 0; i < values.Length; i++)
                mean[first * Width + i % length] += values[i] / Views;
        }
        return mean;
    }

    public void Dispose() => _probe.Dispose();
}
