using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Gives faces numbers that stay with them: a box found is the known face that it overlaps most, the best pairs first.</summary>
internal sealed class FaceTracker(TrackingOptions options) : IDisposable
{
    private readonly List<FaceTrack> _tracks = [];
    private int _lastId;

    /// <summary>The faces seen in the newest frame, in the order of their numbers.</summary>
    public IEnumerable<FaceTrack> Visible => _tracks.Where(track => track.IsVisible);

    /// <summary>Takes in the boxes found in a frame.</summary>
    public void Update(IReadOnlyList<Rect> boxes, Mat gray, TimeSpan time)
    {
        var pairs =
            from track in _tracks
            from place in Enumerable.Range(0, boxes.Count)
            let overlap = Overlap(track.Box, boxes[place])
            where overlap >= options.MinIoU
            orderby overlap descending, track.Id
            select (track, place);
        var (matched, taken) = (new HashSet<FaceTrack>(), new HashSet<int>());
        foreach (var (track, place) in pairs)
        {
            if (matched.Contains(track) || !taken.Add(place))
                continue;
            matched.Add(track);
            track.MoveTo(boxes[place], time);
        }
        foreach (var track in _tracks)
            if (!matched.Contains(track))
                track.Miss();
        for (var place = 0; place < boxes.Count; place++)
            if (!taken.Contains(place))
                _tracks.Add(new FaceTrack(++_lastId, boxes[place], time));
        Forget(track => (time - track.Seen).TotalSeconds > options.MaxMissedSeconds);
        if (options.DetectEvery > 1)
            foreach (var track in Visible)
                track.Remember(gray);
    }

    /// <summary>Follows the faces into a frame in which none were looked for.</summary>
    public void Follow(Mat gray, TimeSpan time)
    {
        foreach (var track in _tracks)
            track.Follow(gray, time);
    }

    /// <summary>Forgets all faces: another scene begins. Numbers go on.</summary>
    public void Clear() => Forget(_ => true);

    public void Dispose() => Clear();

    /// <summary>Intersection over union.</summary>
    internal static double Overlap(Rect one, Rect other)
    {
        var common = one & other;
        var shared = (double)common.Width * common.Height;
        return shared / ((double)one.Width * one.Height + (double)other.Width * other.Height - shared);
    }

    private void Forget(Predicate<FaceTrack> isGone)
    {
        foreach (var track in _tracks.Where(track => isGone(track)))
            track.Dispose();
        _tracks.RemoveAll(isGone);
    }
}
