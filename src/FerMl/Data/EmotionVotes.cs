namespace FerMl;

/// <summary>
/// The votes of about ten people for one face in FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition with
/// Crowd-Sourced Label Distribution", 2016).
/// </summary>
/// <param name="Neutral">Votes for neutral.</param>
/// <param name="Happiness">Votes for happy.</param>
/// <param name="Surprise">Votes for surprise.</param>
/// <param name="Sadness">Votes for sad.</param>
/// <param name="Anger">Votes for anger.</param>
/// <param name="Disgust">Votes for disgust.</param>
/// <param name="Fear">Votes for fear.</param>
/// <param name="Contempt">Votes for contempt, which FER2013 lacks.</param>
/// <param name="Unknown">Votes for an unrecognizable expression.</param>
/// <param name="NotFace">Votes for an image that shows no face.</param>
public readonly record struct EmotionVotes(
    byte Neutral, byte Happiness, byte Surprise, byte Sadness, byte Anger, byte Disgust, byte Fear, byte Contempt, byte Unknown,
    byte NotFace)
{
    /// <summary>Number of all votes, including unknown and no face.</summary>
    public int Total => Neutral + Happiness + Surprise + Sadness + Anger + Disgust + Fear + Contempt + Unknown + NotFace;

    /// <summary>
    /// The emotion with more than half of the votes, or null. Barsoum et al.'s rule, as in FER+'s code: single votes are dropped as
    /// outliers; the total is that of the remaining votes, including unknown and no face.
    /// </summary>
    public Emotion? Majority => Outcome is { Kind: VoteOutcomeKind.Emotion, Emotion: var emotion } ? emotion : null;

    /// <summary>The result of the votes by the rule of <see cref="Majority"/>.</summary>
    internal VoteOutcome Outcome
    {
        get
        {
            // In the order of the emotions' codes.
            Span<int> votes = [Anger, Disgust, Fear, Happiness, Sadness, Surprise, Neutral, Contempt, Unknown, NotFace];
            foreach (ref var vote in votes)
                vote = vote > 1 ? vote : 0;
            var (winner, total) = (0, 0);
            for (var i = 0; i < votes.Length; i++)
            {
                total += votes[i];
                winner = votes[i] > votes[winner] ? i : winner;
            }
            var isTie = votes.Count(votes[winner]) > 1 && total > 0;
            if (2 * votes[winner] <= total)
                return new VoteOutcome(isTie ? VoteOutcomeKind.Tie : VoteOutcomeKind.NoMajority, default);
            return winner < EmotionCount ? new VoteOutcome(VoteOutcomeKind.Emotion, (Emotion)winner)
                : new VoteOutcome(winner == EmotionCount ? VoteOutcomeKind.Unknown : VoteOutcomeKind.NotFace, default);
        }
    }

    /// <summary>
    /// The emotion with the most votes, the first one of a tie; null if no emotion has two votes, or unknown or no face has more.
    /// </summary>
    internal Emotion? Plurality
    {
        get
        {
            var votes = this;
            var winner = EmotionTask.Eight.Emotions.MaxBy(emotion => votes[emotion]);
            return this[winner] > 1 && this[winner] >= Math.Max(Unknown, NotFace) ? winner : null;
        }
    }

    /// <summary>
    /// The share of the votes for some emotions that match the majority of the face's other votes. Only votes whose other votes have a
    /// majority for one of these emotions count; null if there are none.
    /// </summary>
    internal double? AgreementOn(IReadOnlyList<Emotion> emotions)
    {
        var (agreeing, judged) = (0, 0);
        foreach (var emotion in emotions)
        {
            if (this[emotion] == 0 || Without(emotion).Majority is not { } majority || !emotions.Contains(majority))
                continue;
            judged += this[emotion];
            agreeing += majority == emotion ? this[emotion] : 0;
        }
        return judged > 0 ? (double)agreeing / judged : null;
    }

    /// <summary>The votes without one vote for an emotion.</summary>
    private EmotionVotes Without(Emotion emotion) => emotion switch
    {
        Emotion.Anger => this with { Anger = (byte)(Anger - 1) },
        Emotion.Disgust => this with { Disgust = (byte)(Disgust - 1) },
        Emotion.Fear => this with { Fear = (byte)(Fear - 1) },
        Emotion.Happy => this with { Happiness = (byte)(Happiness - 1) },
        Emotion.Sad => this with { Sadness = (byte)(Sadness - 1) },
        Emotion.Surprise => this with { Surprise = (byte)(Surprise - 1) },
        Emotion.Neutral => this with { Neutral = (byte)(Neutral - 1) },
        _ => this with { Contempt = (byte)(Contempt - 1) },
    };

    private const int EmotionCount = 8;

    /// <summary>Number of votes for an emotion.</summary>
    public int this[Emotion emotion] => emotion switch
    {
        Emotion.Anger => Anger,
        Emotion.Disgust => Disgust,
        Emotion.Fear => Fear,
        Emotion.Happy => Happiness,
        Emotion.Sad => Sadness,
        Emotion.Surprise => Surprise,
        Emotion.Neutral => Neutral,
        Emotion.Contempt => Contempt,
        _ => throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "FER+ has no votes for this emotion."),
    };
}
