using FerMl.Reporting;

namespace FerMl.Vision;

/// <summary>The emotions of one face over time.</summary>
/// <param name="Id">The face's number.</param>
/// <param name="Spans">Times in which it showed one emotion, in order.</param>
public sealed record FaceTimeline(int Id, IReadOnlyList<EmotionSpan> Spans)
{
    // A face that was away for longer has a gap in its strip.
    private const double LongestGap = 1;

    /// <summary>Puts a log's faces in order: one timeline for each number, the first seen first.</summary>
    public static IReadOnlyList<FaceTimeline> Of(IEnumerable<LoggedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var faces = new Dictionary<int, List<EmotionSpan>>();
        foreach (var frame in frames)
            foreach (var face in frame.Faces)
            {
                if (!faces.TryGetValue(face.Id, out var spans))
                    faces.Add(face.Id, spans = []);
                Continue(spans, frame.Time, face);
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

    private static void Continue(List<EmotionSpan> spans, double time, LoggedFace face)
    {
        var last = spans.LastOrDefault();
        if (last is null || time - last.To > LongestGap)
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
