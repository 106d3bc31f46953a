namespace FerMl.Vision;

/// <summary>
/// Where the face network answers: on three grids over an image, each for faces of a range of sizes. Larger faces are found in smaller
/// copies of the image.
/// </summary>
internal static class FaceGrid
{
    /// <summary>Side of the smallest face that is found, in pixels of the network's image.</summary>
    public const int SmallestFace = 10;

    /// <summary>Pixels between two places of each grid.</summary>
    public static readonly int[] Strides = [4, 8, 16];

    /// <summary>Numbers at each place: the score's logit, the center's x and y, the size's logarithm, the roll's cosine and sine.</summary>
    public const int Values = 6;

    /// <summary>The image's sides are multiples of this.</summary>
    public const int Alignment = 16;

    /// <summary>Each copy of the image is so much smaller than the one before.</summary>
    public const int Reduction = 2;

    /// <summary>Side of the largest face of a grid, over that of its smallest.</summary>
    public const double Octave = 2;

    /// <summary>Side of the smallest face that a grid is for.</summary>
    public static double SmallestOf(int stride) => SmallestFace * stride / (double)Strides[0];

    /// <summary>Side of the largest face that is found, in pixels of the network's image.</summary>
    public static readonly int LargestFace = (int)(SmallestFace * Strides[^1] / Strides[0] * Octave);

    /// <summary>The size whose logarithm a grid gives as 0: the middle of its range.</summary>
    public static double MiddleOf(int stride) => SmallestOf(stride) * Math.Sqrt(Octave);

    /// <summary>Places in all grids of an image whose sides are whole.</summary>
    public static int PlacesIn(int width, int height) => Strides.Sum(stride => width / stride * (height / stride));
}
