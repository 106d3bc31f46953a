namespace FerMl.Vision;

/// <summary>Compares what is seen in a source with what its faces really show. For one thread at a time.</summary>
public sealed class VideoEvaluation
{
    // A true face and a found one that overlap (intersection over union) less are different faces.
    private const double SameFace = 0.2;

    private readonly VideoGroundTruth _truth;
    private readonly string[] _labels;
    private readonly List<int> _right = [];
    private readonly List<float> _scores = [];

    /// <summary>Begins an evaluation.</summary>
    /// <param name="truth">What the faces really show.</param>
    /// <param name="labels">The labels of the model, in the order of its scores.</param>
    public VideoEvaluation(VideoGroundTruth truth, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(labels);
        (_truth, _labels) = (truth, [.. labels]);
    }

    /// <summary>Number of true faces with one of the model's labels.</summary>
    public int Faces { get; private set; }

    /// <summary>Number of them that were found.</summary>
    public int Found => _right.Count;

    /// <summary>Number of true faces whose emotion the model doesn't know; they count nowhere else.</summary>
    public int Excluded { get; private set; }

    /// <summary>Takes in a frame.</summary>
    public void Add(FrameResult seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var left = seen.Faces.ToList();
        foreach (var face in _truth.FacesOf(seen))
        {
            var label = Array.IndexOf(_labels, face.Emotion.ToLabel());
            if (label < 0)
            {
                Excluded++;
                continue;
            }
            Faces++;
            if (Match(face, left) is not { } match)
                continue;
            left.Remove(match);
            _right.Add(label);
            _scores.AddRange(match.Prediction.Scores.Select(score => score.Score));
        }
    }

    /// <summary>The result so far.</summary>
    public VideoComparison Result()
    {
        var metrics = Found == 0 ? null : EmotionMetrics.Compute(_labels, _right, _scores);
        return new VideoComparison
        {
            Labels = _labels,
            Faces = Faces,
            Found = Found,
            Excluded = Excluded,
            Accuracy = metrics?.Accuracy,
            AccuracyLow = metrics?.AccuracyLow,
            AccuracyHigh = metrics?.AccuracyHigh,
            AccuracyIncludingMissed = metrics is null ? 0 : metrics.Accuracy * Found / Faces,
            MacroF1 = metrics?.MacroF1,
            PerClass = metrics is null ? [] : [.. metrics.PerClass],
            Confusion = metrics is null ? [] : [.. metrics.Confusion.Select(row => row.ToArray())],
        };
    }

    private static FaceResult? Match(GroundTruthFace face, List<FaceResult> seen) => face.Box is { } box
        ? seen.Where(other => FaceTracker.Overlap(box, other.Box) >= SameFace).MaxBy(other => FaceTracker.Overlap(box, other.Box))
        : seen.MaxBy(other => other.Box.Width * other.Box.Height);
}
