namespace FerMl.Training.Tests;

public class LearningRatePlanTests
{
    [TestCase(LearningRateSchedule.Constant, 0, 10, ExpectedResult = 1)]
    [TestCase(LearningRateSchedule.Constant, 9.9, 10, ExpectedResult = 1)]
    [TestCase(LearningRateSchedule.Cosine, 0, 10, ExpectedResult = 1)]
    [TestCase(LearningRateSchedule.Cosine, 5, 10, ExpectedResult = 0.5)]
    [TestCase(LearningRateSchedule.Cosine, 10, 10, ExpectedResult = 0)]
    [TestCase(LearningRateSchedule.OneCycle, 0, 10, ExpectedResult = 0.04)]
    [TestCase(LearningRateSchedule.OneCycle, 1.5, 10, ExpectedResult = 0.52)]
    [TestCase(LearningRateSchedule.OneCycle, 3, 10, ExpectedResult = 1)]
    [TestCase(LearningRateSchedule.OneCycle, 6.5, 10, ExpectedResult = 0.5)]
    [TestCase(LearningRateSchedule.OneCycle, 10, 10, ExpectedResult = 0)]
    public double At_Schedule(LearningRateSchedule schedule, double at, int epochs) =>
        Math.Round(LearningRatePlan.At(new EmotionTrainerOptions { LearningRate = 1, Schedule = schedule, Epochs = epochs }, at, []), 9);

    [Test]
    public void At_WarmUp_RisesEvenly_AndTheScheduleBeginsAfterIt()
    {
        var options = new EmotionTrainerOptions
        {
            LearningRate = 0.4,
            Schedule = LearningRateSchedule.Cosine,
            WarmUpEpochs = 2,
            Epochs = 12,
        };
        Assert.That(LearningRatePlan.At(options, 0, []), Is.Zero);
        Assert.That(LearningRatePlan.At(options, 0, [], step: 0.1), Is.EqualTo(0.02).Within(1e-12), "the first step isn't zero");
        Assert.That(LearningRatePlan.At(options, 1.9, [], step: 0.1), Is.EqualTo(0.4).Within(1e-12));
        Assert.That(LearningRatePlan.At(options, 0.5, []), Is.EqualTo(0.1).Within(1e-12));
        Assert.That(LearningRatePlan.At(options, 2, []), Is.EqualTo(0.4).Within(1e-12));
        Assert.That(LearningRatePlan.At(options, 7, []), Is.EqualTo(0.2).Within(1e-12));
    }

    [Test]
    public void At_Plateau_FallsAfterFiveEpochsWithoutProgress()
    {
        var options = new EmotionTrainerOptions { LearningRate = 1, Schedule = LearningRateSchedule.Plateau };
        double[] losses = [3, 2, 2.1, 2.2, 2, 2.5, 2.3, 1.9, 2, 2, 2, 2, 2];
        var history = losses.Select((loss, i) => new EpochReport(i + 1, 1, 0, loss, 0, 1, 1, 1, false)).ToArray();
        var rates = Enumerable.Range(0, losses.Length + 1).Select(done => LearningRatePlan.At(options, done, history[..done]));
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, 1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01 }).Within(1e-12));
    }
}
