namespace FerMl;

/// <summary>The part of FER2013 that an image belongs to, with the competition's names.</summary>
public enum Usage
{
    /// <summary>28,709 images for training. In image folders: <c>train</c>.</summary>
    Training = 0,

    /// <summary>3,589 images, the competition's public leaderboard: for model selection. In image folders: <c>validation</c>.</summary>
    PublicTest = 1,

    /// <summary>
    /// 3,589 images, the competition's final score: for reporting. In image folders: <c>test</c>, unless the file name says otherwise.
    /// </summary>
    PrivateTest = 2,
}
