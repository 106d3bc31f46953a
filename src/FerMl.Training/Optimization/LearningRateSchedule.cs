namespace FerMl.Training;

/// <summary>How the learning rate changes over a training, after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays; the paper's.</summary>
    Constant,

    /// <summary>It falls to 0 along half a cosine (Loshchilov and Hutter, 2017).</summary>
    Cosine,

    /// <summary>
    /// It rises along half a cosine over the first 30 % of the training from a 25th, then falls to almost 0 (Smith and Topin, 2019, with
    /// the shares of fast.ai).
    /// </summary>
    OneCycle,

    /// <summary>It is divided by ten after each five epochs without a better validation loss.</summary>
    Plateau,
}
