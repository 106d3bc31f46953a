namespace FerMl.Training;

/// <summary>How FER+ votes determine a face's target probabilities.</summary>
public enum VotesMode
{
    /// <summary>
    /// Label probabilities from a logistic regression on the votes, fitted on the training faces: for labels that don't come from the
    /// voters, such as FER2013's.
    /// </summary>
    Regression,

    /// <summary>
    /// The distribution of the votes over the labels, without single votes, which are outliers (Barsoum et al., 2016, section 3.4): for
    /// labels that come from the voters, such as FER+'s.
    /// </summary>
    Probability,

    /// <summary>No effect: the label alone is the target, which is FER+'s majority if the data set is labeled by votes.</summary>
    Majority,
}
