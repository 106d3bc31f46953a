namespace FerMl;

/// <summary>The source of a data set's labels.</summary>
public enum Annotation
{
    /// <summary>
    /// The data set's own labels: for FER2013 the search terms that found the images, for image folders the folders' names.
    /// </summary>
    Fer2013,

    /// <summary>
    /// FER+'s labels: what more than half of ten annotators saw (see <see cref="EmotionVotes.Majority"/>). Requires votes.
    /// </summary>
    FerPlus,
}
