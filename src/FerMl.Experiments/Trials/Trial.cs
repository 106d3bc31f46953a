namespace FerMl.Experiments;

/// <summary>A trial of one configuration.</summary>
/// <param name="Number">Its number in the study, from 0.</param>
/// <param name="Configuration">The configuration.</param>
/// <param name="State">Its state.</param>
/// <param name="Scores">Its scores, after increasing numbers of epochs.</param>
/// <param name="Worker">The worker that runs or last ran it.</param>
/// <param name="Attempts">How often a worker has started or resumed it.</param>
/// <param name="Error">Why it failed, or null.</param>
public sealed record Trial(
    int Number, Configuration Configuration, TrialState State, IReadOnlyList<TrialScore> Scores, string? Worker, int Attempts,
    string? Error)
{
    /// <summary>The latest score, or null.</summary>
    public double? Score => Scores.Count > 0 ? Scores[^1].Score : null;

    /// <summary>Number of trained epochs.</summary>
    public int Epochs => Scores.Count > 0 ? Scores[^1].Epochs : 0;

    /// <summary>The score after this number of epochs, or null.</summary>
    public double? ScoreAfter(int epochs)
    {
        foreach (var score in Scores)
            if (score.Epochs == epochs)
                return score.Score;
        return null;
    }
}
