using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>One face over time: its ID, box, appearance and averaged scores.</summary>
internal sealed class FaceTrack(FoundFace face, AppearanceDescriptor appearance, TimeSpan time, bool beginsScene = false) : IDisposable
{
    // Search range between detections, over the face's size, and the minimum correlation there.
    private const double Reach = 0.25;
    private const double MinSimilarity = 0.6;
    // Side of the template while the face is followed: enough to locate it, at 0.2 ms per face.
    private const int FollowedSide = 24;

    // A face that is missed for longer can't be matched by its predicted box, where another face may be.
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(0.5);

    // A returning face needs this similarity, plus the second value for each face width of distance from its last box.
    private const double Returning = 0.4, Farther = 0.1;
    private const double LargestGrowth = 1.8;

    // A face that emerges from behind something is only partly visible at first. It is re-identified within this time, by a similarity that
    // two people never reach.
    private const double Certain = 0.8;
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);

    // A new face that appears near a recently lost one gets no ID for the first of these times. The second limits "recently".
    private static readonly TimeSpan Emerging = TimeSpan.FromSeconds(0.35), Hidden = TimeSpan.FromSeconds(0.9);
    private const double Nearby = 1.5;

    private readonly TimeSpan _born = time;
    private AppearanceDescriptor _newest = appearance;
    private Mat? _followed;
    private float[]? _scores;
    private TimeSpan _scored;
    private double _speedX;
    private double _speedY;

    /// <summary>Its ID, from 1; 0 while the detection isn't confirmed.</summary>
    public int Id { get; private set; }

    /// <summary>Number of detections.</summary>
    public int Found { get; private set; } = 1;

    /// <summary>The face as last detected or followed.</summary>
    public FoundFace Face { get; private set; } = face;

    public Rect Box => Face.Box;
    public TimeSpan LastSeen { get; private set; } = time;

    /// <summary>Its appearance.</summary>
    public AppearanceDescriptor Appearance { get; } = appearance;

    /// <summary>Whether it was detected, or followed with certainty, in the newest frame.</summary>
    public bool IsVisible { get; private set; } = true;

    /// <summary>
    /// Match score of a detected face with this track, 0 for no match. A track seen recently is matched by overlap, and by similarity where
    /// several are close; any other by similarity minus a penalty for distance. After a scene cut only similarity counts.
    /// </summary>
    public double MatchWith(FoundFace found, AppearanceDescriptor appearance, TimeSpan at, double minOverlap, bool isCut)
    {
        var similarity = Appearance.SimilarityTo(appearance);
        if (isCut)
            return similarity >= Certain ? similarity : 0;
        var away = at - LastSeen;
        if (away <= Recent && FaceTracker.Overlap(Predicted(away), found.Box) is var overlap && overlap >= minOverlap)
            return 1 + overlap + Math.Max(0, similarity);
        var growth = (double)Math.Max(Box.Width, found.Box.Width) / Math.Min(Box.Width, found.Box.Width);
        var distance = Math.Sqrt(Math.Pow(CenterX(Box) - CenterX(found.Box), 2) + Math.Pow(CenterY(Box) - CenterY(found.Box), 2))
            / ((Box.Width + found.Box.Width) / 2.0);
        var match = similarity - Farther * distance;
        return growth <= LargestGrowth && match >= Returning ? match : 0;
    }

    /// <summary>Whether it was recently seen where a face is detected.</summary>
    public bool WasAt(FoundFace found, TimeSpan at, double minOverlap) =>
        at - LastSeen <= Recent && FaceTracker.Overlap(Predicted(at - LastSeen), found.Box) >= minOverlap;

    /// <summary>Whether a face that is detected at this track's box in the previous frame starts another scene.</summary>
    public bool IsCutTo(AppearanceDescriptor appearance) => IsVisible && _newest.IsCutTo(appearance);

    /// <summary>Similarity of this new track to one that was away; 0 where it can't be the same face.</summary>
    public double ReidentificationScore(FaceTrack away, TimeSpan at)
    {
        var growth = (double)Math.Max(Box.Width, away.Box.Width) / Math.Min(Box.Width, away.Box.Width);
        return IsVisible && !away.IsVisible && away.Id > 0 && at - _born <= Young && away._born < _born && growth <= LargestGrowth
            && away.Appearance.SimilarityTo(_newest) is var similarity and >= Certain ? similarity : 0;
    }

    /// <summary>
    /// Whether this new track may still turn out to be one that was lost nearby: a face that emerges from behind something is only partly
    /// visible at first.
    /// </summary>
    public bool MayBe(FaceTrack away, TimeSpan at) => !beginsScene && away is { IsVisible: false, Id: > 0 } && at - _born < Emerging
        && at - away.LastSeen < Hidden && away._born < _born
        && Math.Max(Math.Abs(CenterX(Box) - CenterX(away.Box)), Math.Abs(CenterY(Box) - CenterY(away.Box))) < Nearby * Box.Width;

    /// <summary>Takes over a new track that was re-identified as this one.</summary>
    public void ReidentifyAs(FaceTrack found, TimeSpan at) => MoveTo(found.Face, found._newest, at);

    /// <summary>Updates the track with a detection.</summary>
    public void MoveTo(FoundFace found, AppearanceDescriptor appearance, TimeSpan at)
    {
        var seconds = (at - LastSeen).TotalSeconds;
        if (seconds > 0 && seconds <= Recent.TotalSeconds)
        {
            _speedX = (_speedX + (CenterX(found.Box) - CenterX(Box)) / seconds) / 2;
            _speedY = (_speedY + (CenterY(found.Box) - CenterY(Box)) / seconds) / 2;
        }
        else
        {
            (_speedX, _speedY) = (0, 0);
        }
        Appearance.Follow(appearance);
        _newest = appearance;
        (Face, LastSeen, IsVisible) = (found, at, true);
        Found++;
    }

    /// <summary>Confirms the track and assigns its ID.</summary>
    public void Confirm(int id) => Id = id;

    /// <summary>Marks the track as not detected in this frame.</summary>
    public void Miss() => IsVisible = false;

    /// <summary>Keeps the face's pixels as the template to follow until the next detection.</summary>
    public void Remember(GrayImage gray)
    {
        _followed?.Dispose();
        _followed = null;
        var inside = Box & Bounds(gray);
        if (inside.Width < 2 || inside.Height < 2)
            return;
        using var image = gray.ToMat();
        using var part = image.SubMat(inside);
        _followed = new Mat();
        Cv2.Resize(part, _followed, new Size(FollowedSide, FollowedSide), 0, 0, InterpolationFlags.Area);
        Face = Face with { Box = inside };
    }

    /// <summary>Locates the template near its last position, by normalized cross-correlation.</summary>
    public void Follow(GrayImage gray, TimeSpan at)
    {
        if (_followed is null || !IsVisible)
            return;
        var (width, height) = ((int)(Box.Width * Reach), (int)(Box.Height * Reach));
        var window = new Rect(Box.X - width, Box.Y - height, Box.Width + 2 * width, Box.Height + 2 * height) & Bounds(gray);
        var (scaleX, scaleY) = ((double)FollowedSide / Box.Width, (double)FollowedSide / Box.Height);
        var size = new Size((int)Math.Round(window.Width * scaleX), (int)Math.Round(window.Height * scaleY));
        IsVisible = false;
        if (size.Width < FollowedSide || size.Height < FollowedSide)
            return;
        using var image = gray.ToMat();
        using var part = image.SubMat(window);
        using var reduced = new Mat();
        using var similarity = new Mat();
        Cv2.Resize(part, reduced, size, 0, 0, InterpolationFlags.Area);
        Cv2.MatchTemplate(reduced, _followed, similarity, TemplateMatchModes.CCoeffNormed);
        Cv2.MinMaxLoc(similarity, out _, out var best, out _, out var place);
        if (best < MinSimilarity)
            return;
        var box = new Rect(window.X + (int)Math.Round(place.X / scaleX), window.Y + (int)Math.Round(place.Y / scaleY), Box.Width,
            Box.Height) & Bounds(gray);
        Face = Face with { Box = box };
        (LastSeen, IsVisible) = (at, box is { Width: > 1, Height: > 1 });
    }

    /// <summary>
    /// Adds new scores to the exponential average. The weight of past scores falls to 1/e in the smoothing time, whatever the frame rate:
    /// the factor is exp(-dt / smoothing).
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

    public void Dispose() => _followed?.Dispose();

    /// <summary>The box predicted from its velocity.</summary>
    private Rect Predicted(TimeSpan later) => new(
        Box.X + (int)Math.Round(_speedX * later.TotalSeconds), Box.Y + (int)Math.Round(_speedY * later.TotalSeconds), Box.Width,
            Box.Height);

    private static double CenterX(Rect box) => box.X + box.Width / 2.0;

    private static double CenterY(Rect box) => box.Y + box.Height / 2.0;

    private static Rect Bounds(GrayImage gray) => new(0, 0, gray.Width, gray.Height);
}
