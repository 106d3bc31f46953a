namespace FerMl.Vision;

/// <summary>
/// Verifies proposed faces: a network classifies an aligned crop of each, with some of its surroundings. Not thread-safe.
/// </summary>
internal sealed class FaceVerifier(byte[] onnx, string name, int threads = 1) : IDisposable
{
    // Larger batches aren't faster.
    private const int Most = 16;

    private readonly FaceSession _session = FaceSession.Open(onnx, name, threads);
    private readonly byte[] _face = new byte[FaceResampler.PixelCount];
    private readonly float[] _faces = new float[Most * FaceResampler.PixelCount];

    /// <summary>How a face is cropped for the network.</summary>
    public static FaceCrop Crop { get; } = new() { Scale = 1.4, UprightFrom = 0 };

    /// <summary>Computes the network's logit for each face.</summary>
    /// <param name="gray">The image.</param>
    /// <param name="proposed">The faces.</param>
    /// <param name="isMirrored">Whether to use their mirror images.</param>
    public float[] Verify(GrayImage gray, IReadOnlyList<FoundFace> proposed, bool isMirrored = false)
    {
        var logits = new float[proposed.Count];
        for (var first = 0; first < proposed.Count; first += Most)
        {
            var (begin, count) = (first, Math.Min(Most, proposed.Count - first));
            for (var i = 0; i < count; i++)
            {
                Crop.Crop(gray, proposed[first + i].Box, _face, proposed[first + i].Roll);
                if (isMirrored)
                    for (var row = 0; row < FaceResampler.Side; row++)
                        _face.AsSpan(row * FaceResampler.Side, FaceResampler.Side).Reverse();
                for (var pixel = 0; pixel < _face.Length; pixel++)
                    _faces[i * _face.Length + pixel] = _face[pixel];
            }
            _session.Run(_faces.AsMemory(0, count * _face.Length), [count, 1, FaceResampler.Side, FaceResampler.Side], count,
                answers => answers.CopyTo(logits.AsSpan(begin)));
        }
        return logits;
    }

    public void Dispose() => _session.Dispose();
}
