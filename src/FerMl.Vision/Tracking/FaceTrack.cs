using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>One face over time: its number, where it is, what it looks like, and its averaged scores.</summary>
internal sealed class FaceTrack(int id, Rect box, TimeSpan time) : IDisposable
{
    // How far a face is looked for between detections, over its own size; and how alike it must look there.
    private const double Reach = 0.25;
    private const double Alike = 0.6;
    // Side of the face while it is being followed: enough to tell where it is, and 0.2 ms a face.
    private const int FollowedSide = 24;

    private Mat? _look;
    private float[]? _scores;
    private TimeSpan _scored;

    public int Id => id;
    public Rect Box { get; private set; } = box;
    public TimeSpan Seen { get; private set; } = time;

    /// <summary>Whether it was found, or followed with certainty, in the newest frame.</summary>
    public bool IsVisible { get; private set; } = true;

    /// <summary>It was found here.</summary>
    public void MoveTo(Rect found, TimeSpan at) => (Box, Seen, IsVisible) = (found, at, true);

    /// <summary>It was not found in this frame.</summary>
    public void Miss() => IsVisible = false;

    /// <summary>Keeps what the face looks like, to follow it until it is found again.</summary>
    public void Remember(Mat gray)
    {
        _look?.Dispose();
        _look = null;
        var inside = Box & Whole(gray);
        if (inside.Width < 2 || inside.Height < 2)
            return;
        using var part = gray.SubMat(inside);
        _look = new Mat();
        Cv2.Resize(part, _look, new Size(FollowedSide, FollowedSide), 0, 0, InterpolationFlags.Area);
        Box = inside;
    }

    /// <summary>Looks for the remembered face near its last place, by normalized correlation.</summary>
    public void Follow(Mat gray, TimeSpan at)
    {
        if (_look is null || !IsVisible)
            return;
        var (width, height) = ((int)(Box.Width * Reach), (int)(Box.Height * Reach));
        var window = new Rect(Box.X - width, Box.Y - height, Box.Width + 2 * width, Box.Height + 2 * height) & Whole(gray);
        var (scaleX, scaleY) = ((double)FollowedSide / Box.Width, (double)FollowedSide / Box.Height);
        var size = new Size((int)Math.Round(window.Width * scaleX), (int)Math.Round(window.Height * scaleY));
        IsVisible = false;
        if (size.Width < FollowedSide || size.Height < FollowedSide)
            return;
        using var part = gray.SubMat(window);
        using var reduced = new Mat();
        using var likeness = new Mat();
        Cv2.Resize(part, reduced, size, 0, 0, InterpolationFlags.Area);
        Cv2.MatchTemplate(reduced, _look, likeness, TemplateMatchModes.CCoeffNormed);
        Cv2.MinMaxLoc(likeness, out _, out var best, out _, out var place);
        if (best < Alike)
            return;
        Box = new Rect(window.X + (int)Math.Round(place.X / scaleX), window.Y + (int)Math.Round(place.Y / scaleY), Box.Width,
            Box.Height) & Whole(gray);
        (Seen, IsVisible) = (at, Box is { Width: > 1, Height: > 1 });
    }

    /// <summary>
    /// Takes new scores into the average, whose weight on the past falls to 1/e in the smoothing time, whatever the frame rate: the past
    /// keeps exp(-dt / smoothing).
    /// </summary>
    public ReadOnlySpan<float> Average(ReadOnlySpan<float> scores, TimeSpan at, double smoothingSeconds)
    {
        if (_scores is null || smoothingSeconds == 0)
        {
            _scores = scores.ToArray();
        }
        else
        {
            var kept = (float)Math.Exp(-Math.Max(0, (at - _scored).TotalSeconds) / smoothingSeconds);
            for (var i = 0; i < scores.Length; i++)
                _scores[i] = kept * _scores[i] + (1 - kept) * scores[i];
        }
        _scored = at;
        return _scores;
    }

    public void Dispose() => _look?.Dispose();

    private static Rect Whole(Mat gray) => new(0, 0, gray.Width, gray.Height);
}
