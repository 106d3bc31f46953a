namespace FerMl;

/// <summary>
/// The votes that about ten people gave one face in FER+ (Barsoum et al., "Training Deep Networks for Facial Expression Recognition
/// with Crowd-Sourced Label Distribution", 2016).
/// </summary>
/// <param name="Neutral">Votes for neutral.</param>
/// <param name="Happiness">Votes for happy.</param>
/// <param name="Surprise">Votes for surprise.</param>
/// <param name="Sadness">Votes for sad.</param>
/// <param name="Anger">Votes for anger.</param>
/// <param name="Disgust">Votes for disgust.</param>
/// <param name="Fear">Votes for fear.</param>
/// <param name="Contempt">Votes for contempt, which FER2013 lacks.</param>
/// <param name="Unknown">Votes for an expression that can't be told.</param>
/// <param name="NotFace">Votes for an image that shows no face.</param>
public readonly record struct EmotionVotes(
    byte Neutral, byte Happiness, byte Surprise, byte Sadness, byte Anger, byte Disgust, byte Fear, byte Contempt, byte Unknown,
    byte NotFace)
{
    /// <summary>The votes for one of FER2013's emotions.</summary>
    public int this[Emotion emotion] => emotion switch
    {
        Emotion.Anger => Anger,
        Emotion.Disgust => Disgust,
        Emotion.Fear => Fear,
        Emotion.Happy => Happiness,
        Emotion.Sad => Sadness,
        Emotion.Surprise => Surprise,
        Emotion.Neutral => Neutral,
        _ => throw new ArgumentOutOfRangeException(nameof(emotion), emotion, "An emotion's code is 0 to 6."),
    };
}
