namespace FerMl.Tests;

public class EmotionPredictionTests
{
    private static readonly EmotionPrediction Seven = new(EmotionTask.Seven.Labels, [0.3f, 0.1f, 0.1f, 0.1f, 0.2f, 0.1f, 0.1f]);

    [Test]
    public void RestrictTo_KeepsTheProportionsOfTheScores()
    {
        var three = Seven.RestrictTo(EmotionTask.Three.Labels);
        Assert.That(three.Scores.Select(score => score.Label), Is.EqualTo(EmotionTask.Three.Labels));
        Assert.That(three.Scores.Select(score => score.Score), Is.EqualTo(new[] { 0.25f, 0.5f, 0.25f }).Within(1e-6));
        Assert.That((Seven.Label, three.Label, three.ToString()), Is.EqualTo(("anger", "sad", "sad 50 %")));
    }

    [Test]
    public void RestrictTo_OfScoresThatAreZero_GivesThemAllTheSame()
    {
        var certain = new EmotionPrediction(EmotionTask.Seven.Labels, [1, 0, 0, 0, 0, 0, 0]);
        Assert.That(certain.RestrictTo(["happy", "sad"]).Scores.Select(score => score.Score), Is.EqualTo(new[] { 0.5f, 0.5f }));
    }

    [Test]
    public void RestrictTo_OfALabelThatIsNone_NamesIt()
    {
        Assert.That(() => Seven.RestrictTo(["happy", "joy"]), Throws.TypeOf<ArgumentException>().With.Message.Contains("'joy'"));
        Assert.That(() => Seven.RestrictTo([]), Throws.TypeOf<ArgumentException>());
    }
}
