namespace FerMl;

/// <summary>Whose labels a data set's faces have.</summary>
public enum Annotation
{
    /// <summary>
    /// The data set's own: FER2013's are the search terms that found the images, or the names of the folders that images stand in.
    /// </summary>
    Fer2013,

    /// <summary>
    /// FER+'s: what more than half of ten annotators saw (see <see cref="EmotionVotes.Majority"/>). Needs the votes.
    /// </summary>
    FerPlus,
}
