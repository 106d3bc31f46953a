using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Proposes faces with a small fully convolutional network, run on an image pyramid so that every face is within its range in one or two
/// copies. Not thread-safe.
/// </summary>
internal sealed class FaceProposer(byte[] onnx, string name, int threads = 1) : IDisposable
{
    // Larger images are split into tiles of this side, which overlap by more than the largest face that they are searched for.
    private const int LargestPart = 1024, Overlap = 128;

    private readonly FaceSession _session = FaceSession.Open(onnx, name, threads);
    private byte[] _copy = [];
    private byte[] _part = [];
    private float[] _pixels = [];

    /// <summary>Proposes faces.</summary>
    /// <param name="gray">The image.</param>
    /// <param name="minFace">Side of the smallest face to propose, in pixels.</param>
    /// <param name="minScore">The minimum score of a proposal.</param>
    public List<FaceCandidate> Propose(GrayImage gray, double minFace, double minScore)
    {
        var candidates = new List<FaceCandidate>();
        var minLogit = Math.Log(minScore / (1 - minScore));
        // Never upscaled: that adds no detail.
        var scale = Math.Min(1, FaceGrid.SmallestFace / minFace);
        while (true)
        {
            ProposeIn(gray, scale, minLogit, candidates);
            // A face may be as large as the image's shorter side; the finest grid detects it best.
            if (Math.Min(gray.Width, gray.Height) * scale <= FaceGrid.SmallestFace * FaceGrid.Octave)
                return candidates;
            scale /= FaceGrid.Reduction;
        }
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Runs the network on a copy of the image, tile by tile.</summary>
    private void ProposeIn(GrayImage gray, double scale, double minLogit, List<FaceCandidate> candidates)
    {
        var size = new Size(Math.Max(1, (int)Math.Round(gray.Width * scale)), Math.Max(1, (int)Math.Round(gray.Height * scale)));
        if (_copy.Length < size.Width * size.Height)
            _copy = new byte[size.Width * size.Height];
        GrayResizer.Resize(gray.Pixels.Span, gray.Width, gray.Height, _copy, size.Width, size.Height);
        var copy = new GrayImage(_copy, size.Width, size.Height);
        var (across, down) = ((double)gray.Width / size.Width, (double)gray.Height / size.Height);
        foreach (var top in Parts(size.Height))
            foreach (var left in Parts(size.Width))
            {
                var area = new Rect(left, top, Math.Min(LargestPart, size.Width - left), Math.Min(LargestPart, size.Height - top));
                var (width, height) = (AlignedTo(area.Width), AlignedTo(area.Height));
                if (_pixels.Length < width * height)
                    (_part, _pixels) = (new byte[width * height], new float[width * height]);
                GrayRegions.Copy(copy, new Rect(left, top, width, height), _part);
                for (var i = 0; i < width * height; i++)
                    _pixels[i] = _part[i];
                _session.Run(_pixels.AsMemory(0, width * height), [1, 1, height, width], FaceGrid.Values * FaceGrid.PlacesIn(width, height),
                    answers => FaceCandidate.Read(answers, width, height, minLogit, area.Location, across, down, candidates));
            }

        static int AlignedTo(int length) => (length + FaceGrid.Alignment - 1) / FaceGrid.Alignment * FaceGrid.Alignment;

        static IEnumerable<int> Parts(int length)
        {
            var first = 0;
            for (; first + LargestPart < length; first += LargestPart - Overlap)
                yield return first;
            yield return first;
        }
    }
}
