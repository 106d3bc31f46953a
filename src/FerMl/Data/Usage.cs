namespace FerMl;

/// <summary>The part of FER2013 that an image belongs to, as the competition named them.</summary>
public enum Usage
{
    /// <summary>28,709 images to train on. In image folders: <c>train</c>.</summary>
    Training = 0,

    /// <summary>
    /// 3,589 images, the competition's public leaderboard: for choosing between models. In image folders: <c>validation</c>.
    /// </summary>
    PublicTest = 1,

    /// <summary>
    /// 3,589 images, the competition's final score: for reporting. In image folders: <c>test</c>, unless a file's name says otherwise.
    /// </summary>
    PrivateTest = 2,
}
