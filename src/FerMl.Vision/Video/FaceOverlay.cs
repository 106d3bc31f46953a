using System.Globalization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Draws what was found into a frame: a box about each face, its number, emotion and confidence, and bars for all scores.
/// </summary>
public static class FaceOverlay
{
    private const HersheyFonts Font = HersheyFonts.HersheySimplex;
    private static readonly Scalar Ink = new(255, 255, 255);
    private static readonly Scalar Ground = new(32, 32, 32);

    // Okabe and Ito, "Color Universal Design" (2008), told apart by color-blind people too; as blue, green, red.
    private static readonly Dictionary<string, Scalar> Colors = new()
    {
        ["anger"] = new(0, 94, 213),
        ["disgust"] = new(115, 158, 0),
        ["fear"] = new(167, 121, 204),
        ["happy"] = new(0, 159, 230),
        ["sad"] = new(178, 114, 0),
        ["surprise"] = new(233, 180, 86),
        ["neutral"] = new(160, 160, 160),
    };

    /// <summary>The color of an emotion, as OpenCV takes it: blue, green, red.</summary>
    public static Scalar ColorOf(string label) => Colors.GetValueOrDefault(label, Ink);

    /// <summary>Draws the faces.</summary>
    /// <param name="image">The frame: blue, green, red; it is drawn into.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="withBars">Whether to draw a bar for each score.</param>
    public static void Draw(Mat image, IReadOnlyList<FaceResult> faces, bool withBars = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(faces);
        // Sizes are for 640x480 and grow with the frame.
        var unit = Math.Max(0.5, Math.Min(image.Width, image.Height) / 480.0);
        var taken = faces.Select(face => face.Box).ToList();
        foreach (var face in faces)
        {
            var color = ColorOf(face.Prediction.Label);
            Cv2.Rectangle(image, face.Box, color, Thick(2 * unit));
            var text = string.Create(
                CultureInfo.InvariantCulture, $"{face.Id}  {face.Prediction.Label} {face.Prediction.Confidence * 100:0}%");
            var height = (int)(22 * unit);
            var above = face.Box.Y - height;
            Label(image, text, new Point(face.Box.X, above >= 0 ? above : Math.Min(face.Box.Bottom, image.Height - height)), unit, color);
            if (withBars)
                Bars(image, face, unit, taken);
        }
    }

    /// <summary>Draws a line of text at the top of the frame, such as its speed.</summary>
    public static void DrawStatus(Mat image, string text)
    {
        ArgumentNullException.ThrowIfNull(image);
        Label(image, text, new Point(0, 0), Math.Max(0.5, Math.Min(image.Width, image.Height) / 480.0), Ground);
    }

    private static void Bars(Mat image, FaceResult face, double unit, List<Rect> taken)
    {
        var (line, width, names) = ((int)(15 * unit), (int)(60 * unit), (int)(68 * unit));
        var scores = face.Prediction.Scores;
        var panel = new Size(names + width + (int)(6 * unit), scores.Length * line + (int)(6 * unit));
        var place = PlaceOf(panel, face.Box, new Rect(0, 0, image.Width, image.Height), taken);
        var (x, y) = (place.X, place.Y);
        taken.Add(place);
        Shade(image, place);
        for (var i = 0; i < scores.Length; i++)
        {
            var top = y + (int)(3 * unit) + i * line;
            Cv2.PutText(image, scores[i].Label, new Point(x + (int)(4 * unit), top + (int)(11 * unit)), Font, 0.38 * unit, Ink,
                Thick(unit), LineTypes.AntiAlias);
            Cv2.Rectangle(image,
                new Rect(x + names, top + (int)(3 * unit), Math.Max(1, (int)(scores[i].Score * width)), Math.Max(2, (int)(9 * unit))),
                ColorOf(scores[i].Label), -1);
        }
    }

    /// <summary>
    /// Right of the face, left of it, below or above: the first that is in the frame and covers nothing; else right or left.
    /// </summary>
    private static Rect PlaceOf(Size panel, Rect face, Rect frame, List<Rect> taken)
    {
        var y = Math.Clamp(face.Y, 0, Math.Max(0, frame.Height - panel.Height));
        var x = Math.Clamp(face.X, 0, Math.Max(0, frame.Width - panel.Width));
        Rect[] places = [At(face.Right, y), At(face.X - panel.Width, y), At(x, face.Bottom), At(x, face.Y - panel.Height)];
        return places.Cast<Rect?>()
            .FirstOrDefault(place => (place!.Value & frame) == place
                && taken.TrueForAll(other => (other & place.Value) is not { Width: > 0, Height: > 0 }))
            ?? places[face.Right + panel.Width <= frame.Width ? 0 : 1];

        Rect At(int left, int top) => new(left, top, panel.Width, panel.Height);
    }

    private static void Label(Mat image, string text, Point corner, double unit, Scalar ground)
    {
        var size = Cv2.GetTextSize(text, Font, 0.5 * unit, Thick(unit), out _);
        var box = new Rect(corner.X, corner.Y, size.Width + (int)(8 * unit), (int)(22 * unit));
        Cv2.Rectangle(image, box, ground, -1);
        // Black or white, whichever is further from the ground's gray level (ITU-R BT.601).
        var ink = 0.114 * ground.Val0 + 0.587 * ground.Val1 + 0.299 * ground.Val2 > 128 ? new Scalar(0, 0, 0) : Ink;
        Cv2.PutText(image, text, new Point(corner.X + (int)(4 * unit), corner.Y + (int)(16 * unit)), Font, 0.5 * unit, ink, Thick(unit),
            LineTypes.AntiAlias);
    }

    /// <summary>Darkens a part of the frame, so that text on it can be read.</summary>
    private static void Shade(Mat image, Rect place)
    {
        var inside = place & new Rect(0, 0, image.Width, image.Height);
        if (inside.Width < 1 || inside.Height < 1)
            return;
        using var part = image.SubMat(inside);
        part.ConvertTo(part, -1, 0.35);
    }

    private static int Thick(double width) => Math.Max(1, (int)Math.Round(width));
}
