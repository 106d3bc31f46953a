using OpenCvSharp;
using SkiaSharp;

namespace FerMl.Vision;

/// <summary>An orientation to analyze an image in: rotated by a multiple of 90 degrees, or mirrored. It maps detected faces back.</summary>
internal sealed class PictureOrientation
{
    private readonly SKEncodedOrigin _origin;
    private readonly Func<FoundFace, Size, FoundFace> _back;

    private PictureOrientation(SKEncodedOrigin origin, Func<FoundFace, Size, FoundFace> back) => (_origin, _back) = (origin, back);

    /// <summary>Mirrored horizontally.</summary>
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

    /// <summary>The image in this orientation.</summary>
    public GrayImage Apply(GrayImage picture) => PixelOrientation.Upright(picture, _origin);

    /// <summary>Maps a face detected there back to the original image.</summary>
    /// <param name="face">The face.</param>
    /// <param name="size">Width and height of the original image.</param>
    public FoundFace Back(FoundFace face, Size size) => _back(face, size);

    // Boxes are squares, so rotation keeps their sides.
    private static FoundFace Moved(FoundFace face, int x, int y, float roll) =>
        face with { Box = new Rect(x, y, face.Box.Width, face.Box.Height), Roll = MathF.IEEERemainder(roll, 360) };
}
