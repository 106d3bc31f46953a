namespace FerMl;

/// <summary>
/// The votes that about ten people gave one face in FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition
/// with Crowd-Sourced Label Distribution", 2016).
/// </summary>
/// <param name="Neutral">Votes for neutral.</param>
/// <param name="Happiness">Votes for happy.</param>
/// <param name="Surprise">Votes for surprise.</param>
/// <param name="Sadness">Votes for sad.</param>
/// <param name="Anger">Votes for anger.</param>
/// <param name="Disgust">Votes for disgust.</param>
/// <param name="Fear">Votes for fear.</param>
/// <param name="Contempt">Votes for contempt, which FER2013 lacks.</param>
/// <param name="Unknown">Votes for an expression that can't be told.</param>
/// <param name="NotFace">Votes for an image that shows no face.</param>
public readonly record struct EmotionVotes(
    byte Neutral, byte Happiness, byte Surprise, byte Sadness, byte Anger, byte Disgust, byte Fear, byte Contempt, byte Unknown,
    byte NotFace)
{
    /// <summary>All votes, those for unknown and for no face among them.</summary>
    public int Total => Neutral + Happiness + Surprise + Sadness + Anger + Disgust + Fear + Contempt + Unknown + NotFace;

    /// <summary>
    /// The emotion that more than half of the annotators saw, or null where there is none. Barsoum et al.'s rule, as in the code that comes
    /// with FER+: single votes are dropped as outliers; what is left, unknown and no face included, is what more than half is of.
    /// </summary>
    public Emotion? Majority => Outcome is { Kind: VoteOutcomeKind.Emotion, Emotion: var emotion } ? emotion : null;

    /// <summary>What the votes come to, by the rule of <see cref="Majority"/>.</summary>
    internal VoteOutcome Outcome
    {
        get
        {
            // In the order of the emotions' codes.
            Span<int> votes = [Anger, Disgust, Fear, Happiness, Sadness, Surprise, Neutral, Contempt, Unknown, NotFace];
            foreach (ref var vote in votes)
                vote = vote > 1 ? vote : 0;
            var (most, total) = (0, 0);
            for (var i = 0; i < votes.Length; i++)
            {
                total += votes[i];
                most = votes[i] > votes[most] ? i : most;
            }
            var isTie = votes.Count(votes[most]) > 1 && total > 0;
            if (2 * votes[most] <= total)
                return new VoteOutcome(isTie ? VoteOutcomeKind.Tie : VoteOutcomeKind.NoMajority, default);
            return most < EmotionCount ? new VoteOutcome(VoteOutcomeKind.Emotion, (Emotion)most)
                : new VoteOutcome(most == EmotionCount ? VoteOutcomeKind.Unknown : VoteOutcomeKind.NotFace, default);
        }
    }

    /// <summary>
    /// The emotion with the most votes, the first of several with as many; null where all have single votes or none, or unknown or no
    /// face has more.
    /// </summary>
    internal Emotion? Plurality
    {
        get
        {
            var votes = this;
            var most = Enum.GetValues<Emotion>().MaxBy(emotion => votes[emotion]);
            return this[most] > 1 && this[most] >= Math.Max(Unknown, NotFace) ? most : null;
        }
    }

    /// <summary>
    /// Of the votes for some emotions, the share that is for the majority of the other votes, where the others have one for these
    /// emotions; null where they never have.
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

    /// <summary>The votes but one for an emotion.</summary>
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

    /// <summary>The votes for an emotion.</summary>
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
        _ => throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "An emotion's code is 0 to 7."),
    };
}
