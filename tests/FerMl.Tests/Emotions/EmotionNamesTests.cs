namespace FerMl.Tests;

public class EmotionNamesTests
{
    [TestCase("angry", Emotion.Anger)]
    [TestCase("Disgusted", Emotion.Disgust)]
    [TestCase("fearful", Emotion.Fear)]
    [TestCase("HAPPINESS", Emotion.Happy)]
    [TestCase(" sadness ", Emotion.Sad)]
    [TestCase("surprised", Emotion.Surprise)]
    [TestCase("neutral", Emotion.Neutral)]
    [TestCase("Contempt", Emotion.Contempt)]
    public void TryParse_UsualSpelling_GivesTheEmotion(string text, Emotion expected)
    {
        Assert.That(EmotionNames.TryParse(text, out var emotion), Is.True);
        Assert.That(emotion, Is.EqualTo(expected));
    }

    [TestCase("boredom")]
    [TestCase("")]
    [TestCase(null)]
    [TestCase("3")]
    public void TryParse_Else_IsFalse(string? text) => Assert.That(EmotionNames.TryParse(text, out _), Is.False);

    [Test]
    public void ToLabel_ParsesBack() => Assert.That(Enum.GetValues<Emotion>(), Is.All.Matches<Emotion>(emotion =>
        EmotionNames.TryParse(emotion.ToLabel(), out var parsed) && parsed == emotion));

    [Test]
    public void ToLabel_NoEmotion_Throws() => Assert.That(() => ((Emotion)8).ToLabel(), Throws.TypeOf<ArgumentOutOfRangeException>());
}
