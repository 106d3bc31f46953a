namespace FerMl.Tests;

public class VoteMetricsTests
{
    private static readonly string[] Labels = ["happy", "sad"];

    [Test]
    public void Compute_TwoFaces_GivesWhatOneComputesByHand()
    {
        EmotionVotes[] votes = [
            new(Neutral: 0, Happiness: 6, Surprise: 0, Sadness: 2, Anger: 0, Disgust: 0, Fear: 0, Contempt: 0, Unknown: 2, NotFace: 0),
            new(Neutral: 0, Happiness: 0, Surprise: 0, Sadness: 10, Anger: 0, Disgust: 0, Fear: 0, Contempt: 0, Unknown: 0, NotFace: 0)];
        var metrics = EmotionMetrics.Compute(Labels, [0, 1], [0.75f, 0.25f, 0.5f, 0.5f], votes).Votes!;
        Assert.That(metrics.Count, Is.EqualTo(2));
        // happy has 6 of 10 votes. Of equal scores the first label is predicted, which has no votes for the second face.
        Assert.That(metrics.MeanVoteShare, Is.EqualTo((0.6 + 0) / 2).Within(1e-6));
        Assert.That(metrics.CrossEntropy,
            Is.EqualTo((-(0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25)) - Math.Log(0.5)) / 2).Within(1e-6));
        // Of the first face's eight votes for an emotion, six agree with the majority of the rest and two don't; of the second's all do.
        Assert.That(metrics.AnnotatorAgreement, Is.EqualTo((0.75 + 1) / 2).Within(1e-6));
    }

    [Test]
    public void Compute_WithoutVotes_IsNull()
    {
        Assert.That(EmotionMetrics.Compute(Labels, [0], [1f, 0f]).Votes, Is.Null);
        Assert.That(EmotionMetrics.Compute(Labels, [0], [1f, 0f], [default]).Votes, Is.Null, "a face without a vote");
        Assert.That(EmotionMetrics.Compute(["cat", "dog"], [0], [1f, 0f], [default]).Votes, Is.Null, "labels without votes");
    }

    [Test]
    public void Compute_VotesThatSayNothingOfTheLabels_HaveNoFiguresOfThem()
    {
        EmotionVotes[] votes = [new(0, 0, 0, 0, 0, 0, 0, 0, Unknown: 10, 0)];
        Assert.That(EmotionMetrics.Compute(Labels, [0], [1f, 0f], votes).Votes, Is.EqualTo(new VoteMetrics(1, 0, null, null)));
    }

    [Test]
    public void Compute_FewerLabels_CountsAgreementOnTheseAlone()
    {
        // Two of nine votes are for anger, which isn't among the labels; of the other seven, six agree.
        EmotionVotes[] votes = [new(0, Happiness: 6, 0, Sadness: 1, Anger: 2, 0, 0, 0, 0, 0)];
        Assert.That(EmotionMetrics.Compute(Labels, [0], [1f, 0f], votes).Votes!.AnnotatorAgreement, Is.EqualTo(6 / 7.0).Within(1e-6));
    }

    [Test]
    public void Compute_OtherNumberOfVotes_IsRefused() => Assert.That(
        () => EmotionMetrics.Compute(Labels, [0, 1], [1f, 0f, 1f, 0f], [default]),
        Throws.ArgumentException.With.Message.StartsWith("2 faces came with 1 row of votes"));
}
