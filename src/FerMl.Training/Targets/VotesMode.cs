namespace FerMl.Training;

/// <summary>What FER+ votes say of a face's target probabilities.</summary>
public enum VotesMode
{
    /// <summary>
    /// How probable each label is for a face with such votes, which a logistic regression learns from the faces to train on: for labels
    /// that aren't the voters', as FER2013's.
    /// </summary>
    Regression,

    /// <summary>
    /// The distribution of the votes over the labels, single votes dropped as outliers (Barsoum et al., 2016, section 3.4): for labels that
    /// are the voters', as FER+'s.
    /// </summary>
    Probability,

    /// <summary>Nothing: the label alone is the target, which is FER+'s majority where the data set is labeled by votes.</summary>
    Majority,
}
