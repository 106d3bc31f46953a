using System.ComponentModel.DataAnnotations;

namespace FerMl.Vision;

/// <summary>Options of a <see cref="HaarFaceDetector"/>.</summary>
public sealed record HaarOptions
{
    /// <summary>
    /// The cascade: the path of an .xml file, or a name such as <c>alt2</c>, <c>default</c> or <c>haarcascade_frontalface_alt.xml</c>,
    /// which is searched in OpenCV's data folders. Default: <c>alt2</c>.
    /// </summary>
    [Required]
    public string Cascade { get; init; } = "alt2";

    /// <summary>
    /// Width of the smallest face to detect, in pixels of the image, 20 to 4,000; null for a sixth of the image's shorter side, 80 of 480.
    /// Default: null.
    /// </summary>
    [Range(20, 4_000)]
    public int? MinFace { get; init; }

    /// <summary>
    /// Width of the smallest face in the downscaled image, in pixels, 20 to 200. Less is faster and finds fewer faces. Default: 32; see
    /// docs/development/performance.md for the cost.
    /// </summary>
    [Range(20, 200)]
    public int DownscaledMinFace { get; init; } = 32;

    /// <summary>How faces are cropped, or null for the detector's default. Default: null.</summary>
    public FaceCrop? Crop { get; init; }

    /// <summary>Scale factor between two face sizes tried, 1.02 to 2. Default: 1.2.</summary>
    [Range(1.02, 2.0)]
    public double ScaleFactor { get; init; } = 1.2;

    /// <summary>Minimum number of neighboring hits that make a face, 0 to 100. Default: 3.</summary>
    [Range(0, 100)]
    public int MinNeighbors { get; init; } = 3;

    /// <summary>Whether to equalize the image's histogram first, which finds more faces in poor light. Default: true.</summary>
    public bool EqualizeHistogram { get; init; } = true;
}
