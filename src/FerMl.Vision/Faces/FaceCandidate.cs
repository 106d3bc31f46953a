using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>The network's prediction of a face at one grid cell, in pixels of the image; many belong to the same face.</summary>
internal readonly record struct FaceCandidate(double X, double Y, double Size, double Score, double Cos, double Sin)
{
    // Minimum intersection over union of two candidates of the same face.
    private const double SameFace = 0.45;

    // Limit of a prediction's center offset, over the stride, and of the logarithm of its size, relative to the grid's.
    private const double MaxOffset = 2;

    // Two detections are the same face above this intersection over union, where this share of the smaller lies within the other, or where
    // their centers are closer than this, over the larger side.
    private const double Overlapping = 0.35, Within = 0.65, Near = 0.55;

    /// <summary>Decodes the candidates from the network's output.</summary>
    public static void Read(
        ReadOnlySpan<float> answers, int width, int height, double minLogit, Point corner, double across, double down,
            List<FaceCandidate> into)
    {
        var (places, first) = (answers.Length / FaceGrid.Values, 0);
        foreach (var stride in FaceGrid.Strides)
        {
            var (columns, rows) = (width / stride, height / stride);
            var middle = FaceGrid.MiddleOf(stride);
            for (var place = first; place < first + columns * rows; place++)
            {
                if (!(answers[place] > minLogit))
                    continue;
                var (row, column) = Math.DivRem(place - first, columns);
                var (x, y) = (ClampToFinite(answers[places + place]), ClampToFinite(answers[2 * places + place]));
                var size = middle * Math.Exp(ClampToFinite(answers[3 * places + place]));
                into.Add(new FaceCandidate(
                    (corner.X + (column + 0.5 + x) * stride) * across, (corner.Y + (row + 0.5 + y) * stride) * down,
                        size * (across + down) / 2,
                    1 / (1 + Math.Exp(-answers[place])), ClampToFinite(answers[4 * places + place]),
                        ClampToFinite(answers[5 * places + place])));
            }
            first += columns * rows;
        }
    }

    /// <summary>Merges the candidates of each face into one proposal: their average, weighted by score. The highest score comes
    /// first.</summary>
    public static IReadOnlyList<FoundFace> Merge(List<FaceCandidate> candidates)
    {
        candidates.Sort((one, other) => other.Score.CompareTo(one.Score));
        var (faces, isTaken) = (new List<FoundFace>(), new bool[candidates.Count]);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (isTaken[i])
                continue;
            var best = candidates[i];
            var (sum, x, y, size, cos, sin) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
            for (var j = i; j < candidates.Count; j++)
            {
                var other = candidates[j];
                if (isTaken[j] || best.OverlapWith(other).Union < SameFace)
                    continue;
                isTaken[j] = true;
                var weight = other.Score;
                sum += weight;
                x += weight * other.X;
                y += weight * other.Y;
                size += weight * other.Size;
                cos += weight * other.Cos;
                sin += weight * other.Sin;
            }
            (x, y, size) = (x / sum, y / sum, size / sum);
            var side = Math.Max(1, (int)Math.Round(size));
            faces.Add(new FoundFace(
                new Rect((int)Math.Round(x - size / 2), (int)Math.Round(y - size / 2), side, side), (float)best.Score,
                (float)(Math.Atan2(sin, cos) * 180 / Math.PI)));
        }
        return faces;
    }

    /// <summary>Leaves out each face that overlaps an earlier one, or that mostly contains one or is contained in it.</summary>
    public static IReadOnlyList<FoundFace> Distinct(IEnumerable<FoundFace> faces)
    {
        var kept = new List<FoundFace>();
        foreach (var face in faces)
            if (!kept.Exists(other => Of(face).IsSameAs(Of(other))))
                kept.Add(face);
        return kept;

        static FaceCandidate Of(FoundFace face) =>
            new(face.Box.X + face.Box.Width / 2.0, face.Box.Y + face.Box.Height / 2.0, face.Box.Width, face.Score, 1, 0);
    }

    private bool IsSameAs(FaceCandidate other)
    {
        var (union, within) = OverlapWith(other);
        return union >= Overlapping || within >= Within
            || Math.Max(Math.Abs(X - other.X), Math.Abs(Y - other.Y)) < Near * Math.Max(Size, other.Size);
    }

    /// <summary>Clamps an output to its range; NaN becomes 0.</summary>
    private static double ClampToFinite(float answer) => float.IsNaN(answer) ? 0 : Math.Clamp(answer, -MaxOffset, MaxOffset);

    /// <summary>The overlap of two squares: over their union, and over the smaller one.</summary>
    private (double Union, double Within) OverlapWith(FaceCandidate other)
    {
        var half = (Size + other.Size) / 2;
        var width = Math.Min(Math.Min(Size, other.Size), half - Math.Abs(X - other.X));
        var height = Math.Min(Math.Min(Size, other.Size), half - Math.Abs(Y - other.Y));
        if (width <= 0 || height <= 0)
            return (0, 0);
        var (shared, one, two) = (width * height, Size * Size, other.Size * other.Size);
        return (shared / (one + two - shared), shared / Math.Min(one, two));
    }
}
