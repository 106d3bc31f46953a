namespace FerMl.Tests;

public class EmotionTaskTests
{
    [Test]
    public void Seven_HasTheCodesAndLabelsOfFer2013()
    {
        Assert.That(EmotionTask.Seven.Labels, Is.EqualTo(new[] { "anger", "disgust", "fear", "happy", "sad", "surprise", "neutral" }));
        Assert.That(EmotionTask.Seven.Emotions.Select(emotion => (int)emotion), Is.EqualTo(Enumerable.Range(0, 7)));
    }

    [Test]
    public void Eight_AddsContempt_AtTheEnd() =>
        Assert.That(EmotionTask.Eight.Labels, Is.EqualTo([.. EmotionTask.Seven.Labels, "contempt"]));

    [Test]
    public void Three_IsHappySadNeutral() => Assert.That(EmotionTask.Three.Labels, Is.EqualTo(new[] { "happy", "sad", "neutral" }));

    [Test]
    public void Of_AnyOrder_GivesFer2013Order() =>
        Assert.That(EmotionTask.Of(Emotion.Neutral, Emotion.Anger, Emotion.Happy).Labels,
            Is.EqualTo(new[] { "anger", "happy", "neutral" }));

    [Test]
    public void Of_TheThreeEmotions_IsThree() =>
        Assert.That(EmotionTask.Of(Emotion.Neutral, Emotion.Sad, Emotion.Happy), Is.SameAs(EmotionTask.Three));

    [TestCase("seven", "seven")]
    [TestCase(" THREE ", "three")]
    [TestCase("neutral,happiness, Sadness", "three")]
    [TestCase("angry,surprised", "anger,surprise")]
    [TestCase("eight", "eight")]
    [TestCase("anger,disgust,fear,happy,sad,surprise,neutral,contempt", "eight")]
    [TestCase("contempt,sad", "sad,contempt")]
    public void Parse_GivesTheTask(string text, string name) => Assert.That(EmotionTask.Parse(text).Name, Is.EqualTo(name));

    [TestCase("four", "'four' isn't a task: use seven, eight, three, or a list")]
    [TestCase("", "'' isn't a task")]
    [TestCase("happy", "needs at least two emotions")]
    [TestCase("happy,happy", "named twice")]
    public void Parse_Else_SaysWhatIsAllowed(string text, string expected) =>
        Assert.That(() => EmotionTask.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(expected));

    [Test]
    public void Equality_IsByEmotions()
    {
        var one = EmotionTask.Of(Emotion.Anger, Emotion.Fear);
        var other = EmotionTask.Of(Emotion.Fear, Emotion.Anger);
        Assert.That(one, Is.EqualTo(other));
        Assert.That(one.GetHashCode(), Is.EqualTo(other.GetHashCode()));
        Assert.That(one, Is.Not.EqualTo(EmotionTask.Three));
    }

    [Test]
    public void IndexOf_IsThePositionAmongTheScores()
    {
        Assert.That(EmotionTask.Three.IndexOf(Emotion.Neutral), Is.EqualTo(2));
        Assert.That(EmotionTask.Three.IndexOf(Emotion.Fear), Is.EqualTo(-1));
    }
}
