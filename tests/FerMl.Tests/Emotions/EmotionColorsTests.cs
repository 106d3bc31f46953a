namespace FerMl.Tests;

public class EmotionColorsTests
{
    [Test]
    public void EveryEmotion_HasAColorOfItsOwn_AndOtherLabelsGetColorsByTheirPlaces()
    {
        Assert.That(EmotionTask.Eight.Labels.Select(label => EmotionColors.Of(label, [])),
            Is.Unique.And.None.EqualTo(EmotionColors.Of("boredom", [])));
        string[] custom = ["happy", "glasses", "hat", "none"];
        Assert.That(custom[1..].Select(label => EmotionColors.Of(label, custom)), Is.Unique);
        Assert.That(EmotionColors.Of("happy", custom), Is.EqualTo(EmotionColors.Of("happy", [])));
    }
}
