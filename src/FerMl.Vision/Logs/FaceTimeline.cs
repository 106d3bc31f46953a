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

    /// <param name="spans">What the face showed so far.</param>
    /// <param name="before">Time of the frame before: a face that was in it didn't go away.</param>
    /// <param name="time">Time of this frame.</param>
    /// <param name="label">What the face shows in it.</param>
    /// <param name="confidence">The probability of that.</param>
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
        // The emotion changed somewhere between two frames; the strip has no hole there.
        spans[^1] = last with { To = time };
        spans.Add(new EmotionSpan(time, time, label, confidence, 1));
    }

    /// <summary>Builds timelines frame by frame.</summary>
    internal sealed class Builder
    {
        private readonly Dictionary<int, List<EmotionSpan>> _faces = [];
        private double _before = double.NegativeInfinity;

        /// <summary>Takes in a frame.</summary>
        /// <param name="time">Its time in seconds.</param>
        /// <param name="faces">The number, the label and the confidence of each face in it.</param>
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

        /// <summary>The timelines so far, the face that was seen first first.</summary>
        public IReadOnlyList<FaceTimeline> Result() => [.. _faces.Select(face => new FaceTimeline(face.Key, [.. face.Value]))];
    }
}
