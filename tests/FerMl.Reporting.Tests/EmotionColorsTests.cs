namespace FerMl.Reporting.Tests;

public class EmotionColorsTests
{
    [Test]
    public void EveryEmotion_HasAColorOfItsOwn() =>
        Assert.That(EmotionTask.Eight.Labels.Select(EmotionColors.Of), Is.Unique.And.None.EqualTo(EmotionColors.Of("boredom")));
}
