using OpenCvSharp;
using SkiaSharp;

namespace FerMl.Vision;

/// <summary>A way to look at a picture: rotated by quarter turns, or mirrored. It knows the way back for what is found there.</summary>
internal sealed class PictureOrientation
{
    private readonly SKEncodedOrigin _origin;
    private readonly Func<FoundFace, Size, FoundFace> _back;

    private PictureOrientation(SKEncodedOrigin origin, Func<FoundFace, Size, FoundFace> back) => (_origin, _back) = (origin, back);

    /// <summary>Left and right exchanged.</summary>
    public static PictureOrientation Mirrored { get; } = new(
        SKEncodedOrigin.TopRight, (face, size) => Moved(face, size.Width - face.Box.Right, face.Box.Y, -face.Roll));

    /// <summary>Rotated by 90 degrees clockwise, by 90 counterclockwise, and by 180.</summary>
    public static IReadOnlyList<PictureOrientation> Rotated { get; } =
    [
        new(SKEncodedOrigin.RightTop, (face, size) => Moved(face, face.Box.Y, size.Height - face.Box.Right, face.Roll - 90)),
        new(SKEncodedOrigin.LeftBottom, (face, size) => Moved(face, size.Width - face.Box.Bottom, face.Box.X, face.Roll + 90)),
        new(SKEncodedOrigin.BottomRight,
            (face, size) => Moved(face, size.Width - face.Box.Right, size.Height - face.Box.Bottom, face.Roll + 180)),
    ];

    /// <summary>The picture, looked at in this way.</summary>
    public GrayImage Apply(GrayImage picture) => PixelOrientation.Upright(picture, _origin);

    /// <summary>Where a face that was found there is in the picture.</summary>
    /// <param name="face">The face.</param>
    /// <param name="size">Width and height of the picture itself.</param>
    public FoundFace Back(FoundFace face, Size size) => _back(face, size);

    // Boxes are squares: rotated, they have the same sides.
    private static FoundFace Moved(FoundFace face, int x, int y, float roll) =>
        face with { Box = new Rect(x, y, face.Box.Width, face.Box.Height), Roll = MathF.IEEERemainder(roll, 360) };
}
