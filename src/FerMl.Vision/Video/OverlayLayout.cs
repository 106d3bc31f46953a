using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Finds places in a frame for text about its faces. Nothing covers a face or other text, and everything stays within the frame. What has
/// no room is left out.
/// </summary>
/// <param name="frame">The frame's size.</param>
/// <param name="faces">The faces' boxes.</param>
internal sealed class OverlayLayout(Size frame, IReadOnlyList<Rect> faces)
{
    // A face's square is empty in its corners, to these shares of its width and height.
    private const double CornerWidth = 0.55, CornerHeight = 0.17;

    private readonly Rect _frame = new(0, 0, frame.Width, frame.Height);
    private readonly List<Rect> _taken = [.. faces];

    /// <summary>
    /// Finds a place for a label: above the face, below it, right of it or left; in a corner of its square where the face fills the frame.
    /// </summary>
    /// <returns>The place, or null where there is none.</returns>
    public Rect? PlaceLabel(Rect face, Size size)
    {
        var (x, y) = (Within(face.X, size.Width, _frame.Width), Within(face.Y, size.Height, _frame.Height));
        // Above and below the box: aligned to its left edge, to its right edge, or centered.
        int[] along = [x, Within(face.Right - size.Width, size.Width, _frame.Width),
            Within(face.X + (face.Width - size.Width) / 2, size.Width, _frame.Width)];
        return Take(size, [
            .. along.Select(left => new Point(left, face.Y - size.Height)), .. along.Select(left => new Point(left, face.Bottom)),
            new Point(face.Right, y), new Point(face.X - size.Width, y),
            new Point(face.Right, Within(face.Bottom - size.Height, size.Height, _frame.Height)),
            new Point(face.X - size.Width, Within(face.Bottom - size.Height, size.Height, _frame.Height))])
            ?? TakeCorner(face, size);
    }

    /// <summary>Finds a place for a panel: right of the face, left of it, below or above.</summary>
    /// <returns>The place, or null where there is none.</returns>
    public Rect? PlacePanel(Rect face, Size size)
    {
        var (x, y) = (Within(face.X, size.Width, _frame.Width), Within(face.Y, size.Height, _frame.Height));
        var low = Within(face.Bottom - size.Height, size.Height, _frame.Height);
        return Take(size, [
            new Point(face.Right, y), new Point(face.X - size.Width, y), new Point(face.Right, low), new Point(face.X - size.Width, low),
            new Point(x, face.Bottom), new Point(x, face.Y - size.Height)]);
    }

    private Rect? TakeCorner(Rect face, Size size)
    {
        var square = face & _frame;
        if (size.Width > CornerWidth * square.Width || size.Height > CornerHeight * square.Height)
            return null;
        var (left, right, top, bottom) = (square.X, square.Right - size.Width, square.Y, square.Bottom - size.Height);
        _taken.Remove(face);
        var place = Take(size, [new Point(left, bottom), new Point(right, bottom), new Point(left, top), new Point(right, top)]);
        _taken.Add(face);
        return place;
    }

    private Rect? Take(Size size, IEnumerable<Point> corners)
    {
        foreach (var corner in corners)
        {
            var place = new Rect(corner, size);
            if ((place & _frame) != place || _taken.Exists(other => (other & place) is { Width: > 0, Height: > 0 }))
                continue;
            _taken.Add(place);
            return place;
        }
        return null;
    }

    private static int Within(int first, int length, int room) => Math.Clamp(first, 0, Math.Max(0, room - length));
}
