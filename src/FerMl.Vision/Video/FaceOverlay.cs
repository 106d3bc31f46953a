using System.Globalization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Draws results into a frame: a box around each face, its ID, emotion and confidence, and bars for all scores.</summary>
public static class FaceOverlay
{
    private const HersheyFonts Font = HersheyFonts.HersheySimplex;

    // Smaller text isn't legible. A face this wide, in a frame of 640x480, has text of normal size.
    private const double SmallestText = 0.75, UsualFace = 110;

    // Detections with a lower score are often wrong.
    private const float Sure = 0.7f;

    private static readonly Scalar Ink = new(255, 255, 255);
    private static readonly Scalar Ground = new(32, 32, 32);

    /// <summary>The color of an emotion as an OpenCV scalar: blue, green, red.</summary>
    public static Scalar ColorOf(string label) => ColorOf(label, []);

    private static Scalar ColorOf(string label, IReadOnlyList<string> labels)
    {
        var color = Convert.FromHexString(EmotionColors.Of(label, labels).AsSpan(1));
        return new Scalar(color[2], color[1], color[0]);
    }

    private static string[] LabelsOf(EmotionPrediction prediction) => [.. prediction.Scores.Select(score => score.Label)];

    /// <summary>
    /// Draws the faces. Labels and bars cover no face and no other text, and stay within the frame; where there is no room, they are
    /// shortened or left out. A face with a low detection score has a thin box and a question mark.
    /// </summary>
    /// <param name="image">The frame (BGR) to draw into.</param>
    /// <param name="faces">The faces.</param>
    /// <param name="withBars">Whether to draw a bar for each score.</param>
    public static void Draw(Mat image, IReadOnlyList<FaceResult> faces, bool withBars = false)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(faces);
        var unit = UnitOf(image);
        var layout = new OverlayLayout(image.Size(), [.. faces.Select(face => face.Box)]);
        // The largest faces get room first.
        FaceResult[] ordered = [.. faces.OrderByDescending(face => face.Box.Width).ThenBy(face => face.Id)];
        foreach (var face in ordered)
            Cv2.Rectangle(
                image, face.Box, ColorOf(face.Prediction.Label, LabelsOf(face.Prediction)), Thick((face.Score < Sure ? 1 : 2) * unit));
        foreach (var face in ordered)
            Label(image, layout, face, TextUnit(face, unit));
        if (withBars)
            foreach (var face in ordered)
                Bars(image, layout, face, TextUnit(face, unit));
    }

    /// <summary>Draws a line of text at the top of the frame, such as its speed.</summary>
    public static void DrawStatus(Mat image, string text)
    {
        ArgumentNullException.ThrowIfNull(image);
        var unit = Math.Max(SmallestText, UnitOf(image));
        Write(image, text, new Rect(new Point(0, 0), SizeOf(text, unit)), unit, Ground);
    }

    /// <summary>The scale of all sizes: 1 for a frame of 640x480, growing with the frame.</summary>
    private static double UnitOf(Mat image) => Math.Max(0.4, Math.Min(image.Width, image.Height) / 480.0);

    /// <summary>The text scale of a face: smaller for small faces, within legible sizes.</summary>
    private static double TextUnit(FaceResult face, double unit) =>
        Math.Max(SmallestText, Math.Min(unit, Math.Max(unit * 0.6, face.Box.Width / UsualFace)));

    /// <summary>Draws the full label; where there is no room, only the emotion, or nothing.</summary>
    private static void Label(Mat image, OverlayLayout layout, FaceResult face, double unit)
    {
        var (emotion, doubt) = (face.Prediction.Label, face.Score < Sure ? "?" : "");
        string[] texts = [
            string.Create(CultureInfo.InvariantCulture, $"{face.Id}  {emotion} {face.Prediction.Confidence * 100:0}%{doubt}"),
            emotion + doubt];
        foreach (var text in texts)
            if (layout.PlaceLabel(face.Box, SizeOf(text, unit)) is { } place)
            {
                Write(image, text, place, unit, ColorOf(emotion, LabelsOf(face.Prediction)));
                return;
            }
    }

    private static void Bars(Mat image, OverlayLayout layout, FaceResult face, double unit)
    {
        var (line, width, names) = ((int)(15 * unit), (int)(60 * unit), (int)(68 * unit));
        var scores = face.Prediction.Scores;
        var panel = new Size(names + width + (int)(6 * unit), scores.Length * line + (int)(6 * unit));
        if (layout.PlacePanel(face.Box, panel) is not { } place)
            return;
        using (var part = image.SubMat(place))
            part.ConvertTo(part, -1, 0.35);
        var labels = LabelsOf(face.Prediction);
        for (var i = 0; i < scores.Length; i++)
        {
            var top = place.Y + (int)(3 * unit) + i * line;
            Cv2.PutText(image, scores[i].Label, new Point(place.X + (int)(4 * unit), top + (int)(11 * unit)), Font, 0.38 * unit, Ink,
                Thick(unit), LineTypes.AntiAlias);
            Cv2.Rectangle(image,
                new Rect(
                    place.X + names, top + (int)(3 * unit), Math.Max(1, (int)(scores[i].Score * width)), Math.Max(2, (int)(9 * unit))),
                ColorOf(scores[i].Label, labels), -1);
        }
    }

    private static Size SizeOf(string text, double unit) =>
        new(Cv2.GetTextSize(text, Font, 0.5 * unit, Thick(unit), out _).Width + (int)(8 * unit), (int)(22 * unit));

    private static void Write(Mat image, string text, Rect place, double unit, Scalar ground)
    {
        Cv2.Rectangle(image, place, ground, -1);
        // Black or white, whichever has more contrast to the ground's luma (ITU-R BT.601).
        var ink = 0.114 * ground.Val0 + 0.587 * ground.Val1 + 0.299 * ground.Val2 > 128 ? new Scalar(0, 0, 0) : Ink;
        Cv2.PutText(image, text, new Point(place.X + (int)(4 * unit), place.Y + (int)(16 * unit)), Font, 0.5 * unit, ink, Thick(unit),
            LineTypes.AntiAlias);
    }

    private static int Thick(double width) => Math.Max(1, (int)Math.Round(width));
}
