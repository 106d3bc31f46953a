namespace FerMl.Training;

/// <summary>How the learning rate changes over a training, after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Constant, as in the paper.</summary>
    Constant,

    /// <summary>Falls to 0 along half a cosine (Loshchilov and Hutter, 2017).</summary>
    Cosine,

    /// <summary>
    /// Rises along half a cosine from 1/25 of the rate over the first 30 % of the training, then falls to almost 0 (Smith and Topin, 2019,
    /// with fast.ai's fractions).
    /// </summary>
    OneCycle,

    /// <summary>Divides the rate by ten after every five epochs without a better validation loss.</summary>
    Plateau,
}
