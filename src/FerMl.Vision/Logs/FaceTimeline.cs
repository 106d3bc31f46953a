using FerMl.Reporting;

namespace FerMl.Vision;

/// <summary>The emotions of one face over time.</summary>
/// <param name="Id">The face's ID.</param>
/// <param name="Spans">The spans in which it showed one emotion, in order.</param>
public sealed record FaceTimeline(int Id, IReadOnlyList<EmotionSpan> Spans)
{
    // Gaps up to the first value, in seconds, are bridged: the detector missed the face. Longer ones show in the strip. Where no frame came
    // for longer than the second value, a span ends, too.
    private const double LongestBlink = 0.25, LongestSilence = 1;

    /// <summary>Builds timelines from a log: one for each ID, in the order of first appearance.</summary>
    public static IReadOnlyList<FaceTimeline> Of(IEnumerable<LoggedFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var builder = new Builder();
        foreach (var frame in frames)
            builder.Add(frame.Time, frame.Faces.Select(face => (face.Id, face.Label, face.Confidence)));
        return builder.Result();
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

    /// <param name="spans">The face's spans up to this frame.</param>
    /// <param name="before">Time of the previous frame: a face that was in it wasn't away.</param>
    /// <param name="time">Time of this frame.</param>
    /// <param name="label">The face's label in this frame.</param>
    /// <param name="confidence">The label's probability.</param>
    private static void Continue(List<EmotionSpan> spans, double before, double time, string label, float confidence)
    {
        var last = spans.LastOrDefault();
        var away = last is null ? double.PositiveInfinity : time - last.To;
        if (last is null || away > LongestSilence || (last.To < before && away > LongestBlink))
        {
            spans.Add(new EmotionSpan(time, time, label, confidence, 1));
            return;
        }
        if (last.Label == label)
        {
            spans[^1] = last with
            {
                To = time,
                Confidence = (last.Confidence * last.Frames + confidence) / (last.Frames + 1),
                Frames = last.Frames + 1,
            };
            return;
        }
        // The emotion changed between two frames; the strip has no gap there.
        spans[^1] = last with { To = time };
        spans.Add(new EmotionSpan(time, time, label, confidence, 1));
    }

    /// <summary>Builds timelines frame by frame.</summary>
    internal sealed class Builder
    {
        private readonly Dictionary<int, List<EmotionSpan>> _faces = [];
        private double _before = double.NegativeInfinity;

        /// <summary>Adds a frame.</summary>
        /// <param name="time">Its time in seconds.</param>
        /// <param name="faces">ID, label and confidence of each face in it.</param>
        public void Add(double time, IEnumerable<(int Id, string Label, float Confidence)> faces)
        {
            foreach (var (id, label, confidence) in faces)
            {
                if (!_faces.TryGetValue(id, out var spans))
                    _faces.Add(id, spans = []);
                Continue(spans, _before, time, label, confidence);
            }
            _before = time;
        }

        /// <summary>The timelines, in the order of first appearance.</summary>
        public IReadOnlyList<FaceTimeline> Result() => [.. _faces.Select(face => new FaceTimeline(face.Key, [.. face.Value]))];
    }
}
