namespace FerMl.Vision;

/// <summary>Compares the results on a source with its ground truth. Not thread-safe.</summary>
public sealed class VideoEvaluation
{
    // Minimum intersection over union at which a detected face matches a ground truth face.
    private const double SameFace = 0.2;

    private readonly VideoGroundTruth _truth;
    private readonly string[] _labels;
    private readonly List<int> _right = [];
    private readonly List<float> _scores = [];

    /// <summary>Creates an evaluation.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="labels">The labels of the model, in the order of its scores.</param>
    public VideoEvaluation(VideoGroundTruth truth, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(labels);
        (_truth, _labels) = (truth, [.. labels]);
    }

    /// <summary>Number of ground truth faces with one of the model's labels.</summary>
    public int Faces { get; private set; }

    /// <summary>Number of these faces that were detected.</summary>
    public int Found => _right.Count;

    /// <summary>Number of ground truth faces whose emotion isn't one of the model's labels; no other figure counts them.</summary>
    public int Excluded { get; private set; }

    /// <summary>Adds the results of a frame.</summary>
    public void Add(FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var left = result.Faces.ToList();
        foreach (var face in _truth.FacesOf(result))
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

    /// <summary>The result over the frames added.</summary>
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

    private static FaceResult? Match(GroundTruthFace face, List<FaceResult> result) => face.Box is { } box
        ? result.Where(other => FaceTracker.Overlap(box, other.Box) >= SameFace).MaxBy(other => FaceTracker.Overlap(box, other.Box))
        : result.MaxBy(other => other.Box.Width * other.Box.Height);
}
