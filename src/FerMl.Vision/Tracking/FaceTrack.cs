using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>One face over time: its number, where it is, what it looks like, and its averaged scores.</summary>
internal sealed class FaceTrack(FoundFace face, AppearanceDescriptor look, TimeSpan time, bool beginsScene = false) : IDisposable
{
    // How far a face is looked for between detections, over its own size; and how alike it must look there.
    private const double Reach = 0.25;
    private const double MinSimilarity = 0.6;
    // Side of the face while it is being followed: enough to tell where it is, and 0.2 ms a face.
    private const int FollowedSide = 24;

    // A face that was missed for longer isn't where it was going any more, and may be another's.
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(0.5);

    // One that comes back looks so much alike, and the more so the further from its last place: by this for each of its sizes.
    private const double Returning = 0.4, Farther = 0.1;
    private const double LargestGrowth = 1.8;

    // What comes from behind something is seen in part at first, and is known only a moment later, then by looks that two people never
    // share.
    private const double Certain = 0.8;
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);

    // So long one that appears where another was lost, not long ago and not far away, isn't given a number.
    private static readonly TimeSpan Emerging = TimeSpan.FromSeconds(0.35), Hidden = TimeSpan.FromSeconds(0.9);
    private const double Nearby = 1.5;

    private readonly TimeSpan _born = time;
    private AppearanceDescriptor _newest = look;
    private Mat? _followed;
    private float[]? _scores;
    private TimeSpan _scored;
    private double _speedX;
    private double _speedY;

    /// <summary>Its number, from 1; 0 while it isn't certain that it is a face.</summary>
    public int Id { get; private set; }

    /// <summary>Number of times it was found.</summary>
    public int Found { get; private set; } = 1;

    /// <summary>The face where it was found or followed last.</summary>
    public FoundFace Face { get; private set; } = face;

    public Rect Box => Face.Box;
    public TimeSpan LastSeen { get; private set; } = time;

    /// <summary>What it looks like.</summary>
    public AppearanceDescriptor Look { get; } = look;

    /// <summary>Whether it was found, or followed with certainty, in the newest frame.</summary>
    public bool IsVisible { get; private set; } = true;

    /// <summary>
    /// How well a face that was found goes with this one, 0 where it can't be it: by place for one that was seen just now, by looks too
    /// where several are close; by looks for one that was away. Where a new scene begins nobody's place says anything.
    /// </summary>
    public double MatchWith(FoundFace found, AppearanceDescriptor look, TimeSpan at, double leastOverlap, bool isCut)
    {
        var similarity = Look.SimilarityTo(look);
        if (isCut)
            return similarity >= Certain ? similarity : 0;
        var away = at - LastSeen;
        if (away <= Recent && FaceTracker.Overlap(Predicted(away), found.Box) is var overlap && overlap >= leastOverlap)
            return 1 + overlap + Math.Max(0, similarity);
        var growth = (double)Math.Max(Box.Width, found.Box.Width) / Math.Min(Box.Width, found.Box.Width);
        var distance = Math.Sqrt(Math.Pow(CenterX(Box) - CenterX(found.Box), 2) + Math.Pow(CenterY(Box) - CenterY(found.Box), 2))
            / ((Box.Width + found.Box.Width) / 2.0);
        var match = similarity - Farther * distance;
        return growth <= LargestGrowth && match >= Returning ? match : 0;
    }

    /// <summary>Whether it was just now where a face is found.</summary>
    public bool WasAt(FoundFace found, TimeSpan at, double leastOverlap) =>
        at - LastSeen <= Recent && FaceTracker.Overlap(Predicted(at - LastSeen), found.Box) >= leastOverlap;

    /// <summary>Whether a face that is found where this one was in the frame before begins another scene.</summary>
    public bool IsCutTo(AppearanceDescriptor look) => IsVisible && _newest.IsCutTo(look);

    /// <summary>How much this one, which is new, looks like one that was away; 0 where it can't be that one come back.</summary>
    public double ReidentificationScore(FaceTrack away, TimeSpan at)
    {
        var growth = (double)Math.Max(Box.Width, away.Box.Width) / Math.Min(Box.Width, away.Box.Width);
        return IsVisible && !away.IsVisible && away.Id > 0 && at - _born <= Young && away._born < _born && growth <= LargestGrowth
            && away.Look.SimilarityTo(_newest) is var similarity and >= Certain ? similarity : 0;
    }

    /// <summary>
    /// Whether this one, which is new, may still turn out to be one that went away nearby: who comes from behind somebody is seen in part
    /// at first.
    /// </summary>
    public bool MayBe(FaceTrack away, TimeSpan at) => !beginsScene && away is { IsVisible: false, Id: > 0 } && at - _born < Emerging
        && at - away.LastSeen < Hidden && away._born < _born
        && Math.Max(Math.Abs(CenterX(Box) - CenterX(away.Box)), Math.Abs(CenterY(Box) - CenterY(away.Box))) < Nearby * Box.Width;

    /// <summary>The new one turned out to be this one.</summary>
    public void ReidentifyAs(FaceTrack found, TimeSpan at) => MoveTo(found.Face, found._newest, at);

    /// <summary>It was found here.</summary>
    public void MoveTo(FoundFace found, AppearanceDescriptor look, TimeSpan at)
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
        Look.Follow(look);
        _newest = look;
        (Face, LastSeen, IsVisible) = (found, at, true);
        Found++;
    }

    /// <summary>It is a face, and has a number from now on.</summary>
    public void Confirm(int id) => Id = id;

    /// <summary>It was not found in this frame.</summary>
    public void Miss() => IsVisible = false;

    /// <summary>Keeps the face's pixels, to follow it until it is found again.</summary>
    public void Remember(GrayImage gray)
    {
        _followed?.Dispose();
        _followed = null;
        var inside = Box & Bounds(gray);
        if (inside.Width < 2 || inside.Height < 2)
            return;
        using var whole = gray.ToMat();
        using var part = whole.SubMat(inside);
        _followed = new Mat();
        Cv2.Resize(part, _followed, new Size(FollowedSide, FollowedSide), 0, 0, InterpolationFlags.Area);
        Face = Face with { Box = inside };
    }

    /// <summary>Looks for the remembered face near its last place, by normalized correlation.</summary>
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
        using var whole = gray.ToMat();
        using var part = whole.SubMat(window);
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

    public void Dispose() => _followed?.Dispose();

    /// <summary>Where it is by now if it moves on as it did.</summary>
    private Rect Predicted(TimeSpan later) => new(
        Box.X + (int)Math.Round(_speedX * later.TotalSeconds), Box.Y + (int)Math.Round(_speedY * later.TotalSeconds), Box.Width,
            Box.Height);

    private static double CenterX(Rect box) => box.X + box.Width / 2.0;

    private static double CenterY(Rect box) => box.Y + box.Height / 2.0;

    private static Rect Bounds(GrayImage gray) => new(0, 0, gray.Width, gray.Height);
}
