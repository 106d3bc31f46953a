using OpenCvSharp;

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

    // A larger crop, in pixels, is taken from a downscaled copy of the image: rotating all of its pixels takes longer than the network.
    private const int LargestCrop = 4 * FaceResampler.Side;

    private static readonly FaceCrop Aligned = new() { Scale = 1.4, UprightFrom = 0 };

    /// <summary>Side of a crop over the side of the face's box.</summary>
    public static double CropScale => Aligned.Scale;

    /// <summary>Crops a face for the network, aligned and with some of its surroundings.</summary>
    /// <param name="image">The image.</param>
    /// <param name="face">The face; part of it must be in the image.</param>
    /// <param name="pixels">Receives 2,304 pixel values.</param>
    public static void Crop(GrayPyramid image, FoundFace face, Span<byte> pixels)
    {
        var (level, box) = (0, face.Box);
        while (CropScale * box.Width > LargestCrop)
        {
            level++;
            box = new Rect(Halved(box.X), Halved(box.Y), Halved(box.Width), Halved(box.Height));
        }
        Aligned.Crop(image[level], box, pixels, face.Roll);

        static int Halved(int length) => (int)Math.Round(length / 2.0);
    }

    /// <summary>Computes the network's logit for each face.</summary>
    /// <param name="image">The image.</param>
    /// <param name="proposed">The faces.</param>
    /// <param name="isMirrored">Whether to use their mirror images.</param>
    public float[] Verify(GrayPyramid image, IReadOnlyList<FoundFace> proposed, bool isMirrored = false)
    {
        var logits = new float[proposed.Count];
        for (var first = 0; first < proposed.Count; first += Most)
        {
            var (begin, count) = (first, Math.Min(Most, proposed.Count - first));
            for (var i = 0; i < count; i++)
            {
                Crop(image, proposed[first + i], _face);
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
