namespace FerMl.Training;

/// <summary>
/// What a second classifier on the same layers learns during training (multi-task learning). The saved model doesn't contain it.
/// </summary>
public enum AuxiliaryHead
{
    /// <summary>No auxiliary head.</summary>
    None,

    /// <summary>The data set's own label, one of FER2013's seven, for faces that are labeled by votes.</summary>
    Fer2013,

    /// <summary>The distribution of the FER+ votes over eight emotions, for faces that have their own label.</summary>
    FerPlus,
}
