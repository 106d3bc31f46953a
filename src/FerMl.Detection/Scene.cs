using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>A face in a scene.</summary>
/// <param name="X">Its center, in pixels from the left.</param>
/// <param name="Y">Its center, in pixels from the top.</param>
/// <param name="Size">Side of its square in pixels.</param>
/// <param name="Roll">Its roll in radians, clockwise.</param>
internal readonly record struct SceneFace(double X, double Y, double Size, double Roll)
{
    /// <summary>Whether too little of it can be seen for a detector to be asked for it, or blamed for it.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>An image to train on, and the faces in it.</summary>
internal sealed class Scene
{
    /// <summary>Width and height in pixels: room for the largest faces that are found without a smaller copy.</summary>
    public const int Side = 192;

    /// <summary>Pixel values, row by row.</summary>
    public byte[] Pixels { get; } = new byte[Side * Side];

    /// <summary>The faces.</summary>
    public List<SceneFace> Faces { get; } = [];

    /// <summary>The part of a background it was made on, or null for a drawn one.</summary>
    public BackgroundPart? Background { get; set; }

    /// <summary>Places in the grids over a scene.</summary>
    public static readonly int Places = FaceGrid.PlacesIn(Side, Side);
}
