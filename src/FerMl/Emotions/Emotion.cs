namespace FerMl;

/// <summary>The seven emotions of FER2013, with the codes of its <c>emotion</c> column, and the eighth that FER+ adds.</summary>
public enum Emotion
{
    /// <summary>Code 0.</summary>
    Anger = 0,

    /// <summary>Code 1, the rarest: 436 of the 28,709 training images.</summary>
    Disgust = 1,

    /// <summary>Code 2.</summary>
    Fear = 2,

    /// <summary>Code 3, the most frequent: 7,215 of the 28,709 training images.</summary>
    Happy = 3,

    /// <summary>Code 4.</summary>
    Sad = 4,

    /// <summary>Code 5.</summary>
    Surprise = 5,

    /// <summary>Code 6.</summary>
    Neutral = 6,

    /// <summary>Code 7: only in FER+, not in FER2013. The majority label of 119 training images.</summary>
    Contempt = 7,
}
