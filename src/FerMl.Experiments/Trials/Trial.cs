namespace FerMl.Experiments;

/// <summary>One configuration that is tried.</summary>
/// <param name="Number">Its number in the study, from 0.</param>
/// <param name="Configuration">The values that it tries.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Scores">How good it was, after growing numbers of epochs.</param>
/// <param name="Worker">The worker that is or was at it.</param>
/// <param name="Attempts">How often a worker has begun with it or gone on with it.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record Trial(
    int Number, Configuration Configuration, TrialState State, IReadOnlyList<TrialScore> Scores, string? Worker, int Attempts,
    string? Error)
{
    /// <summary>The newest score, or null.</summary>
    public double? Score => Scores.Count > 0 ? Scores[^1].Score : null;

    /// <summary>Epochs trained.</summary>
    public int Epochs => Scores.Count > 0 ? Scores[^1].Epochs : 0;

    /// <summary>The score after so many epochs, or null.</summary>
    public double? ScoreAfter(int epochs)
    {
        foreach (var score in Scores)
            if (score.Epochs == epochs)
                return score.Score;
        return null;
    }
}
