namespace FerMl;

/// <summary>The result of a face's votes.</summary>
/// <param name="Kind">Whether it is an emotion, or why not.</param>
/// <param name="Emotion">The emotion, if there is one.</param>
internal readonly record struct VoteOutcome(VoteOutcomeKind Kind, Emotion Emotion);

/// <summary>The kinds of <see cref="VoteOutcome"/>.</summary>
internal enum VoteOutcomeKind
{
    /// <summary>More than half of the votes are for one emotion.</summary>
    Emotion,

    /// <summary>More than half of the votes are for unknown.</summary>
    Unknown,

    /// <summary>More than half of the votes are for no face.</summary>
    NotFace,

    /// <summary>No majority, and two or more options share the most votes.</summary>
    Tie,

    /// <summary>No majority: one option has the most votes, but at most half of them.</summary>
    NoMajority,
}
