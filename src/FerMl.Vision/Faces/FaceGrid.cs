namespace FerMl.Vision;

/// <summary>
/// The output grids of the proposal network: three over an image, each for a range of face sizes. Larger faces are found in downscaled
/// copies of the image.
/// </summary>
internal static class FaceGrid
{
    /// <summary>Side of the smallest face that the network detects, in pixels of its input.</summary>
    public const int SmallestFace = 10;

    /// <summary>Stride of each grid, in pixels.</summary>
    public static readonly int[] Strides = [4, 8, 16];

    /// <summary>Values per grid cell: score logit, center x and y, log size, cosine and sine of the roll.</summary>
    public const int Values = 6;

    /// <summary>The input's sides are multiples of this.</summary>
    public const int Alignment = 16;

    /// <summary>Scale factor between two copies of the image.</summary>
    public const int Reduction = 2;

    /// <summary>Side of a grid's largest face over that of its smallest.</summary>
    public const double Octave = 2;

    /// <summary>Side of a grid's smallest face.</summary>
    public static double SmallestOf(int stride) => SmallestFace * stride / (double)Strides[0];

    /// <summary>Side of the largest face that the network detects, in pixels of its input.</summary>
    public static readonly int LargestFace = (int)(SmallestFace * Strides[^1] / Strides[0] * Octave);

    /// <summary>The size for which a grid predicts a logarithm of 0: the middle of its range.</summary>
    public static double MiddleOf(int stride) => SmallestOf(stride) * Math.Sqrt(Octave);

    /// <summary>Number of cells in all grids of an input whose sides are multiples of the alignment.</summary>
    public static int PlacesIn(int width, int height) => Strides.Sum(stride => width / stride * (height / stride));
}
