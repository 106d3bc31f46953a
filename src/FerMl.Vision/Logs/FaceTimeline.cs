using FerMl.Reporting;

namespace FerMl.Vision;

/// <summary>The emotions of one face over time.</summary>
/// <param name="Id">The face's number.</param>
/// <param name="Spans">Times in which it showed one emotion, in order.</param>
public sealed record FaceTimeline(int Id, IReadOnlyList<EmotionSpan> Spans)
{
    // A face that was missed for no longer, in seconds, was there: a detector blinks. One that was away has a gap in its strip.
    // Where no frame came for longer than a second, nobody knows who was there.
    private const double LongestBlink = 0.25, LongestSilence = 1;

    /// <summary>Puts a log's faces in order: one timeline for each number, the first seen first.</summary>
    public static IReadOnlyList<FaceTimeline> Of(IEnumerable<LoggedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var faces = new Dictionary<int, List<EmotionSpan>>();
        var before = double.NegativeInfinity;
        foreach (var frame in frames)
        {
            foreach (var face in frame.Faces)
            {
                if (!faces.TryGetValue(face.Id, out var spans))
                    faces.Add(face.Id, spans = []);
                Continue(spans, before, frame.Time, face);
            }
            before = frame.Time;
        }
        return [.. faces.Select(face => new FaceTimeline(face.Key, face.Value))];
    }

    /// <summary>Draws timelines as a self-contained SVG image: a strip for each face, colored by emotion.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="faces">The faces, one or more.</param>
    public static string ToSvg(string title, IReadOnlyList<FaceTimeline> faces)
    {
        ArgumentNullException.ThrowIfNull(faces);
        return EmotionTimeline.ToSvg(title, [.. faces.Select(face =>
            new TimelineStrip($"face {face.Id}",
                [.. face.Spans.Select(span => new TimelineSpan(span.From, span.To, span.Label, span.Confidence))]))]);
    }

    /// <param name="spans">What the face showed so far.</param>
    /// <param name="before">Time of the frame before: a face that was in it didn't go away.</param>
    /// <param name="time">Time of this frame.</param>
    /// <param name="face">The face in it.</param>
    private static void Continue(List<EmotionSpan> spans, double before, double time, LoggedFace face)
    {
        var last = spans.LastOrDefault();
        var away = last is null ? double.PositiveInfinity : time - last.To;
        if (last is null || away > LongestSilence || (last.To < before && away > LongestBlink))
        {
            spans.Add(new EmotionSpan(time, time, face.Label, face.Confidence, 1));
            return;
        }
        if (last.Label == face.Label)
        {
            spans[^1] = last with
            {
                To = time,
                Confidence = (last.Confidence * last.Frames + face.Confidence) / (last.Frames + 1),
                Frames = last.Frames + 1,
            };
            return;
        }
        // The emotion changed somewhere between two frames; the strip has no hole there.
        spans[^1] = last with { To = time };
        spans.Add(new EmotionSpan(time, time, face.Label, face.Confidence, 1));
    }
}
