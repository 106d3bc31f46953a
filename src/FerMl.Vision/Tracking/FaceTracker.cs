using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Assigns persistent IDs to faces: matches detections to known tracks, the best pairs first.</summary>
internal sealed class FaceTracker(TrackingOptions options) : IDisposable
{
    // A detection with a lower score is confirmed after this many detections in a row: false positives flicker.
    private const float Sure = 0.9f;
    private const int TimesFound = 3;

    private readonly List<FaceTrack> _tracks = [];
    private int _lastId;

    /// <summary>The confirmed tracks visible in the newest frame, ordered by ID.</summary>
    public IEnumerable<FaceTrack> Visible => _tracks.Where(track => track.IsVisible && track.Id > 0).OrderBy(track => track.Id);

    /// <summary>The faces detected several times, and with a high score.</summary>
    public IReadOnlyList<FoundFace> Certain =>
        [.. _tracks.Where(track => track is { IsVisible: true, Found: >= TimesFound, Face.Score: >= Sure }).Select(track => track.Face)];

    /// <summary>Updates the tracks with the faces detected in a frame.</summary>
    /// <param name="found">The detected faces.</param>
    /// <param name="appearances">The appearance of each.</param>
    /// <param name="gray">The frame.</param>
    /// <param name="time">Its time.</param>
    /// <param name="isAlone">Whether the frame stands alone, so that no later frame can confirm a face.</param>
    /// <param name="isFollowed">Whether the faces are to be followed into frames without detection.</param>
    public void Update(
        IReadOnlyList<FoundFace> found, IReadOnlyList<AppearanceDescriptor> appearances, GrayImage gray, TimeSpan time,
        bool isAlone = false, bool isFollowed = false)
    {
        Forget(track => (time - track.LastSeen).TotalSeconds > options.MaxMissedSeconds);
        bool[] isCut = [.. found.Select((face, i) => IsCut(face, appearances[i], time))];
        var pairs =
            from track in _tracks
            from place in Enumerable.Range(0, found.Count)
            let match = track.MatchWith(found[place], appearances[place], time, options.MinIoU, isCut[place])
            where match > 0
            orderby match descending, track.Id
            select (track, place);
        var (matched, taken) = (new HashSet<FaceTrack>(), new HashSet<int>());
        foreach (var (track, place) in pairs)
        {
            if (matched.Contains(track) || !taken.Add(place))
                continue;
            matched.Add(track);
            track.MoveTo(found[place], appearances[place], time);
        }
        foreach (var track in _tracks)
            if (!matched.Contains(track))
                track.Miss();
        for (var place = 0; place < found.Count; place++)
            if (!taken.Contains(place) && found[place].Score >= options.NewFaceScore)
                _tracks.Add(new FaceTrack(found[place], appearances[place], time, isCut[place]));
        Reidentify(time);
        Forget(track => track is { Id: 0, IsVisible: false });
        foreach (var track in _tracks.Where(track => track.Id == 0 && (isAlone || track.Face.Score >= Sure || track.Found >= TimesFound)))
            if (!_tracks.Exists(other => track.MayBe(other, time)))
                track.Confirm(++_lastId);
        if (isFollowed)
            foreach (var track in Visible)
                track.Remember(gray);
    }

    /// <summary>Follows the faces into a frame without detection.</summary>
    public void Follow(GrayImage gray, TimeSpan time)
    {
        foreach (var track in _tracks)
            track.Follow(gray, time);
    }

    /// <summary>Forgets all faces, for a new scene. IDs continue.</summary>
    public void Clear() => Forget(_ => true);

    public void Dispose() => Clear();

    /// <summary>Intersection over union.</summary>
    internal static double Overlap(Rect one, Rect other)
    {
        var common = one & other;
        var shared = (double)common.Width * common.Height;
        return shared / ((double)one.Width * one.Height + (double)other.Width * other.Height - shared);
    }

    /// <summary>
    /// Whether a face starts another scene: a different face was at its box in the previous frame, and no recent track near it can have
    /// moved there, as where people cross.
    /// </summary>
    private bool IsCut(FoundFace face, AppearanceDescriptor appearance, TimeSpan time)
    {
        const double nearby = 0.02;
        return _tracks.Exists(track => track.WasAt(face, time, options.MinIoU) && track.IsCutTo(appearance))
            && _tracks.TrueForAll(track => !track.WasAt(face, time, nearby) || track.IsCutTo(appearance));
    }

    /// <summary>Restores the IDs of faces that were away and weren't re-identified at first.</summary>
    private void Reidentify(TimeSpan time)
    {
        foreach (var found in _tracks.ToArray())
        {
            var away = _tracks.MaxBy(track => found.ReidentificationScore(track, time));
            if (away is null || found.ReidentificationScore(away, time) == 0)
                continue;
            away.ReidentifyAs(found, time);
            _tracks.Remove(found);
            found.Dispose();
        }
    }

    private void Forget(Predicate<FaceTrack> isGone)
    {
        foreach (var track in _tracks.Where(track => isGone(track)))
            track.Dispose();
        _tracks.RemoveAll(isGone);
    }
}
