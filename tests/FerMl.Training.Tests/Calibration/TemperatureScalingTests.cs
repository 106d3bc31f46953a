namespace FerMl.Training.Tests;

public class TemperatureScalingTests
{
    [TestCase(0.5)]
    [TestCase(1)]
    [TestCase(2.5)]
    public void Fit_LabelsDrawnFromTheScores_GivesTheTemperatureBack(double temperature)
    {
        // Labels sampled from softmax(logits / T), for which T is the optimal temperature.
        var random = new Random(6);
        const int faces = 20_000, classes = 4;
        var logits = Enumerable.Range(0, faces * classes).Select(_ => (float)(random.NextDouble() * 6 - 3)).ToArray();
        var scores = TemperatureScaling.Scores([new(logits, 1)], classes, temperature);
        var labels = Enumerable.Range(0, faces).Select(i =>
        {
            var (left, label) = (random.NextDouble(), 0);
            while (label < classes - 1 && (left -= scores[i * classes + label]) > 0)
                label++;
            return label;
        }).ToArray();
        Assert.That(TemperatureScaling.Fit([new(logits, 1)], labels, classes).Temperature, Is.EqualTo(temperature)
            .Within(0.05 * temperature));
    }

    [Test]
    public void Fit_FacesThatNoTemperatureFits_TakesTheSmallestBrierScore()
    {
        // A confident model with 10 % errors, as noisy labels cause: the log-loss is minimal at another temperature.
        var random = new Random(7);
        const int faces = 1_000, classes = 3;
        var labels = Enumerable.Range(0, faces).Select(_ => random.Next(classes)).ToArray();
        var logits = new float[faces * classes];
        for (var i = 0; i < faces; i++)
        {
            var said = random.NextDouble() < 0.1 ? (labels[i] + 1) % classes : labels[i];
            logits[i * classes + said] = (float)(1 + 7 * random.NextDouble());
        }
        var grid = Enumerable.Range(0, 140).Select(i => 0.25 * Math.Pow(1.02, i)).ToArray();
        var (byBrier, byLogLoss) = (grid.MinBy(Brier), grid.MinBy(LogLoss));
        Assert.That(byLogLoss, Is.Not.EqualTo(byBrier).Within(0.1 * byBrier), "the two must differ for this test to distinguish them");
        Assert.That(TemperatureScaling.Fit([new(logits, 1)], labels, classes).Temperature, Is.EqualTo(byBrier).Within(0.02 * byBrier));

        double Brier(double temperature) =>
            OverFaces(temperature, (scores, label) => scores.Select((score, c) => Math.Pow(score - (c == label ? 1 : 0), 2)).Sum());
        double LogLoss(double temperature) => OverFaces(temperature, (scores, label) => -Math.Log(scores[label]));
        double OverFaces(double temperature, Func<double[], int, double> score) => Enumerable.Range(0, faces).Sum(i =>
        {
            var powers = logits.Skip(i * classes).Take(classes).Select(logit => Math.Exp(logit / temperature)).ToArray();
            return score([.. powers.Select(power => power / powers.Sum())], labels[i]);
        });
    }

    [Test]
    public void Scores_OfViews_AreTheMeanOfTheirSoftmax()
    {
        var scores = TemperatureScaling.Scores([new([0, 0], 0.5), new([0, 2 * (float)Math.Log(3)], 0.5)], 2, 2);
        Assert.That(scores, Is.EqualTo(new[] { (0.5f + 0.25f) / 2, (0.5f + 0.75f) / 2 }).Within(1e-6f));
    }

    [Test, Category("Slow")]
    public void Fit_StoresTheTemperature_AndWhatItBrought()
    {
        // After many epochs on few faces, a network is overconfident.
        var faces = SyntheticFaces.Create(420, seed: 61);
        var options = TrainingData.Quick with { Epochs = 25, ValidationFraction = 0.5, KeepLastEpoch = true };
        using var model = TrainingData.Fit(options, faces);
        using var plain = TrainingData.Fit(options with { Calibrate = false }, faces);
        var calibration = model.CreateCard().Calibration!;
        Assert.That(plain.CreateCard().Calibration, Is.Null);
        Assert.That(calibration.Faces, Is.EqualTo(210));
        Assert.That(calibration.Temperature, Is.GreaterThan(1.05));
        Assert.That(calibration.ErrorAfter, Is.LessThan(calibration.ErrorBefore));

        // The exported graph divides the logits of the uncalibrated network by the temperature.
        var pixels = faces[5].Pixels.ToArray().Select(level => (float)level).ToArray();
        var before = Score(plain, pixels);
        var powers = before.Select(score => Math.Pow(score, 1 / calibration.Temperature)).ToArray();
        Assert.That(Score(model, pixels), Is.EqualTo(powers.Select(power => (float)(power / powers.Sum()))).Within(1e-4f));
    }

    private static float[] Score(EmotionTransformer model, float[] pixels)
    {
        using var network = EmotionNetwork.Open(model.Onnx.ToArray(), "model");
        return network.Score(pixels, 1);
    }
}
