namespace FerMl;

/// <summary>What the votes of a face come to.</summary>
/// <param name="Kind">Whether that is an emotion.</param>
/// <param name="Emotion">Which one, where it is.</param>
internal readonly record struct VoteOutcome(VoteOutcomeKind Kind, Emotion Emotion);

/// <summary>The kinds of <see cref="VoteOutcome"/>.</summary>
internal enum VoteOutcomeKind
{
    /// <summary>More than half of the votes are for one emotion.</summary>
    Emotion,

    /// <summary>More than half say that the expression can't be told.</summary>
    Unknown,

    /// <summary>More than half say that there is no face.</summary>
    NotFace,

    /// <summary>Two or more have the most votes.</summary>
    Tie,

    /// <summary>One has the most votes, but no more than half of them.</summary>
    NoMajority,
}
