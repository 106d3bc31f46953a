using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Creates synthetic clips from stills: each frame shows the same face as a camera might capture it. Position, roll, size and brightness
/// vary a little from frame to frame. In a contiguous fifth to four fifths of the frames, the face is also blurred, small, low in contrast,
/// noisy or partly occluded (<see cref="FaceCorruption"/>).
/// </summary>
public static class NoisyClips
{
    private static readonly (Corruption Kind, double Least, double Most)[] Degradations =
    [
        (Corruption.Blur, 1.5, 3), (Corruption.Downscaling, 2.5, 6), (Corruption.Noise, 20, 60), (Corruption.Contrast, 0.7, 0.95),
        (Corruption.Occlusion, 0.25, 0.5),
    ];

    /// <summary>Creates a clip from each still. Equal seeds give equal clips.</summary>
    /// <param name="faces">The stills, whose labels and usages the clips have.</param>
    /// <param name="frames">Frames per clip, 1 to 256.</param>
    /// <param name="seed">The random seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of frames is outside its range.</exception>
    /// <exception cref="VisionException">OpenCV's native library can't be loaded.</exception>
    public static ClipDataset Of(FerDataset faces, int frames = 16, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, ClipDataCatalog.MaxFrames);
        OpenCv.EnsureLoaded();
        return new ClipDataset(faces.Source, [.. faces.Samples.Select(face => new FaceClip(
            face.Id, face.Emotion, face.Usage, () => Disturb(face.Pixels.ToArray(), frames, unchecked(seed * 1_000_003 + face.Index)))
        {
            StillKey = DuplicateAudit.KeyTextOf(face.Pixels),
        })]);
    }

    private static byte[][] Disturb(byte[] still, int frames, int seed)
    {
        var random = new Random(seed);
        var (kind, low, high) = Degradations[random.Next(Degradations.Length)];
        var length = (int)Math.Round(frames * (0.2 + 0.6 * random.NextDouble()));
        var first = random.Next(frames - length + 1);
        var walk = new Wander(random);
        return [.. Enumerable.Range(0, frames).Select(frame =>
        {
            var face = walk.Next(still);
            return frame < first || frame >= first + length ? face
                : FaceCorruption.Apply(kind, low + (high - low) * random.NextDouble(), face, random.Next());
        })];
    }

    /// <summary>A face that moves randomly about its original position: a first-order autoregression.</summary>
    private sealed class Wander(Random random)
    {
        private const double Inertia = 0.8;

        private double _x, _y, _size, _roll, _light;

        public byte[] Next(byte[] still)
        {
            (_x, _y, _size, _roll, _light) = (Step(_x, 1.2), Step(_y, 1.2), Step(_size, 0.03), Step(_roll, 3), Step(_light, 8));
            return Moved(still);
        }

        private double Step(double from, double spread) => Inertia * from + spread * (2 * random.NextDouble() - 1);

        private byte[] Moved(byte[] still)
        {
            const float center = (FaceResampler.Side - 1) / 2f;
            using var image = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, still);
            using var moved = new Mat();
            using var rotation = Cv2.GetRotationMatrix2D(new Point2f(center, center), _roll, 1 + _size);
            rotation.Set(0, 2, rotation.At<double>(0, 2) + _x);
            rotation.Set(1, 2, rotation.At<double>(1, 2) + _y);
            Cv2.WarpAffine(image, moved, rotation, image.Size(), InterpolationFlags.Linear, BorderTypes.Replicate);
            moved.ConvertTo(moved, -1, 1, _light);
            return moved.AsSpan<byte>().ToArray();
        }
    }
}
