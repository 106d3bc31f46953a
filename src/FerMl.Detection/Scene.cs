using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>A face in a scene.</summary>
/// <param name="X">X coordinate of its center in pixels.</param>
/// <param name="Y">Y coordinate of its center in pixels.</param>
/// <param name="Size">Side of its square in pixels.</param>
/// <param name="Roll">Its roll in radians, clockwise.</param>
internal readonly record struct SceneFace(double X, double Y, double Size, double Roll)
{
    /// <summary>Whether too little of it is visible to expect a detection, or to count one as a false positive.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>A training image with the faces in it.</summary>
internal sealed class Scene
{
    /// <summary>Width and height in pixels: room for the largest faces that are detected without downscaling.</summary>
    public const int Side = 192;

    /// <summary>Pixel values, row by row.</summary>
    public byte[] Pixels { get; } = new byte[Side * Side];

    /// <summary>The faces.</summary>
    public List<SceneFace> Faces { get; } = [];

    /// <summary>The background region that it is based on, or null for a generated texture.</summary>
    public BackgroundPart? Background { get; set; }

    /// <summary>Number of cells in the grids over a scene.</summary>
    public static readonly int Places = FaceGrid.PlacesIn(Side, Side);
}
