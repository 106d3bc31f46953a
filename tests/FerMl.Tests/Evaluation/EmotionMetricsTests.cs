namespace FerMl.Tests;

public class EmotionMetricsTests
{
    private static readonly string[] Labels = ["happy", "sad", "neutral"];

    [Test]
    public void Compute_SmallCase_IsWhatAHandGives()
    {
        // true: happy happy sad sad neutral; predicted: happy sad sad sad happy
        var metrics = EmotionMetrics.Compute(Labels, [0, 0, 1, 1, 2],
        [
            0.8f, 0.1f, 0.1f,
            0.3f, 0.6f, 0.1f,
            0.2f, 0.7f, 0.1f,
            0.0f, 1.0f, 0.0f,
            0.5f, 0.1f, 0.4f,
        ]);
        Assert.That(metrics.Count, Is.EqualTo(5));
        Assert.That(metrics.Accuracy, Is.EqualTo(0.6).Within(1e-9));
        Assert.That(metrics.Confusion, Is.EqualTo(new[] { new[] { 1, 1, 0 }, [0, 2, 0], [1, 0, 0] }));
        Assert.That(metrics.PerClass[0], Is.EqualTo(new ClassMetrics("happy", 0.5, 0.5, 0.5, 2)));
        Assert.That(metrics.PerClass[1].Precision, Is.EqualTo(2 / 3.0).Within(1e-9));
        Assert.That(metrics.PerClass[1].F1, Is.EqualTo(0.8).Within(1e-9));
        Assert.That(metrics.PerClass[2], Is.EqualTo(new ClassMetrics("neutral", 0, 0, 0, 1)));
        Assert.That(metrics.MacroF1, Is.EqualTo((0.5 + 0.8 + 0) / 3).Within(1e-9));
        Assert.That(metrics.LogLoss, Is.EqualTo(-(Math.Log(0.8) + Math.Log(0.3) + Math.Log(0.7) + 0 + Math.Log(0.4)) / 5).Within(1e-6));
        // Each face has its own bin of width 1/15: |1 - 0.8|, |0 - 0.6|, |1 - 0.7|, |1 - 1|, |0 - 0.5|.
        Assert.That(metrics.ExpectedCalibrationError, Is.EqualTo((0.2 + 0.6 + 0.3 + 0 + 0.5) / 5).Within(1e-6));
    }

    [Test]
    public void MacroF1_IsTheMeanOverLabelsThatFacesHave()
    {
        var metrics = EmotionMetrics.Compute(Labels, [0, 0, 1, 1], [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1f]);
        Assert.That(metrics.PerClass[2].Support, Is.Zero);
        // happy: 2 of 2, without false positives; sad: one correct, one predicted as neutral.
        Assert.That(metrics.MacroF1, Is.EqualTo((1 + 2 / 3.0) / 2).Within(1e-9));
    }

    [Test]
    public void Compute_AgreesWithMlNet()
    {
        var random = new Random(1);
        var truth = Enumerable.Range(0, 500).Select(_ => random.Next(3)).ToArray();
        var scores = truth.SelectMany(_ =>
        {
            float[] row = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            return row.Select(value => value / row.Sum());
        }).ToArray();
        var metrics = EmotionMetrics.Compute(Labels, truth, scores);
        Assert.That(metrics.Standard.MicroAccuracy, Is.EqualTo(metrics.Accuracy).Within(1e-9));
        Assert.That(metrics.Standard.LogLoss, Is.EqualTo(metrics.LogLoss).Within(1e-6));
        Assert.That(metrics.Standard.MacroAccuracy, Is.EqualTo(metrics.PerClass.Average(c => c.Recall)).Within(1e-9));
        for (var i = 0; i < 3; i++)
        {
            Assert.That(metrics.Standard.ConfusionMatrix.PerClassPrecision[i], Is.EqualTo(metrics.PerClass[i].Precision).Within(1e-9));
            Assert.That(metrics.Standard.ConfusionMatrix.Counts[i], Is.EqualTo(metrics.Confusion[i].Select(n => (double)n)));
        }
        Assert.That(metrics.Standard.ConfusionMatrix.GetFormattedConfusionTable(), Does.Contain("neutral"));
    }

    [Test]
    public void Calibration_OfScoresThatMeanWhatTheySay_IsSmall()
    {
        var random = new Random(2);
        var scores = Enumerable.Range(0, 20_000).Select(_ => random.NextSingle()).SelectMany(p => new[] { p, 1 - p }).ToArray();
        var truth = Enumerable.Range(0, 20_000).Select(i => random.NextSingle() < scores[2 * i] ? 0 : 1).ToArray();
        Assert.That(EmotionMetrics.Compute(["a", "b"], truth, scores).ExpectedCalibrationError, Is.LessThan(0.015));
    }

    [Test]
    public void Compute_BadSizes_AreRefused()
    {
        Assert.That(() => EmotionMetrics.Compute(Labels, [], []), Throws.ArgumentException.With.Message.Contains("at least one face"));
        Assert.That(() => EmotionMetrics.Compute(Labels, [0], [1, 0]),
            Throws.ArgumentException.With.Message.Contains("need 3 scores; 2 given"));
        Assert.That(() => EmotionMetrics.Compute(Labels, [3], [1, 0, 0]), Throws.ArgumentException.With.Message.Contains("outside 0..2"));
    }

    // Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001), give the formula; the values are computed by hand.
    [TestCase(0, 10, 0.0, 0.2775)]
    [TestCase(5, 10, 0.2366, 0.7634)]
    [TestCase(10, 10, 0.7225, 1.0)]
    [TestCase(650, 1000, 0.6199, 0.6789)]
    public void WilsonInterval_IsTheScoreInterval(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials);
        Assert.That(interval.Low, Is.EqualTo(low).Within(5e-5));
        Assert.That(interval.High, Is.EqualTo(high).Within(5e-5));
    }

    [Test]
    public void WilsonInterval_NoTrials_IsEverything() => Assert.That(WilsonInterval.Of(0, 0), Is.EqualTo((0.0, 1.0)));
}
