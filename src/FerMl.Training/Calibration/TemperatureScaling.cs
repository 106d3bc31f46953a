namespace FerMl.Training;

/// <summary>
/// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2): divides logits by one number, here the
/// one that minimizes the Brier score on validation faces (Brier, "Verification of forecasts expressed in terms of probability", 1950). Guo
/// et al. minimize the log-loss, which emphasizes errors of probabilities near 0 and 1. The Brier score weights all errors alike, as
/// calibration error does (docs/development/decisions/calibration.md). With a single view per face, predicted classes don't change.
/// </summary>
internal static class TemperatureScaling
{
    /// <summary>The bounds of a temperature: beyond them, a model isn't overconfident or underconfident, but broken.</summary>
    public const double Lowest = 0.25, Highest = 4;
    private const int Steps = 24;

    /// <summary>
    /// Fits the logarithm of the temperature: first by a grid search, since the score may have several local minima, then by golden-section
    /// search around the best grid point.
    /// </summary>
    /// <param name="views">Logits of each view, [faces * classes] each.</param>
    /// <param name="labels">The true classes.</param>
    /// <param name="classes">Number of classes.</param>
    public static TemperatureFit Fit(IReadOnlyList<WeightedLogits> views, IReadOnlyList<int> labels, int classes)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var step = Math.Log(Highest / Lowest) / Steps;
        var best = Enumerable.Range(0, Steps + 1).Select(i => Math.Log(Lowest) + i * step).MinBy(Brier);
        var (low, high) = (Math.Max(Math.Log(Lowest), best - step), Math.Min(Math.Log(Highest), best + step));
        var (left, right) = (high - golden * (high - low), low + golden * (high - low));
        var (atLeft, atRight) = (Brier(left), Brier(right));
        while (high - low > 1e-4)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - golden * (high - low);
                atLeft = Brier(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + golden * (high - low);
                atRight = Brier(right);
            }
        }
        var temperature = Math.Exp((low + high) / 2);
        return new TemperatureFit(temperature, temperature < Lowest * 1.001 || temperature > Highest * 0.999);

        double Brier(double logTemperature)
        {
            var scores = Scores(views, classes, Math.Exp(logTemperature));
            var sum = 0.0;
            for (var i = 0; i < labels.Count; i++)
                for (var c = 0; c < classes; c++)
                {
                    var error = scores[i * classes + c] - (c == labels[i] ? 1 : 0);
                    sum += error * error;
                }
            return sum;
        }
    }

    /// <summary>Fits the temperature, and measures the calibration error before and after.</summary>
    /// <param name="views">Logits of each view, [faces * labels] each.</param>
    /// <param name="truth">The true label of each face.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="former">The previous temperature.</param>
    public static ModelCalibration Calibrate(IReadOnlyList<WeightedLogits> views, int[] truth, string[] labels, double former)
    {
        var fit = Fit(views, truth, labels.Length);
        return new ModelCalibration(fit.Temperature, truth.Length, Error(former), Error(fit.Temperature), fit.IsClamped);

        double Error(double temperature) =>
            EmotionMetrics.Compute(labels, truth, Scores(views, labels.Length, temperature)).ExpectedCalibrationError;
    }

    /// <summary>The probabilities at a temperature, as the weighted mean over the views.</summary>
    public static float[] Scores(IReadOnlyList<WeightedLogits> views, int classes, double temperature)
    {
        var scores = new float[views[0].Logits.Length];
        var row = new double[classes];
        foreach (var (logits, weight) in views)
            for (var first = 0; first < logits.Length; first += classes)
            {
                var highest = double.NegativeInfinity;
                for (var c = 0; c < classes; c++)
                    highest = Math.Max(highest, row[c] = logits[first + c] / temperature);
                var sum = 0.0;
                for (var c = 0; c < classes; c++)
                    sum += row[c] = Math.Exp(row[c] - highest);
                for (var c = 0; c < classes; c++)
                    scores[first + c] += (float)(row[c] / sum * weight);
            }
        return scores;
    }

    /// <summary>The probabilities of a single view.</summary>
    public static float[] Scores(float[] logits, int classes) => Scores([new WeightedLogits(logits, 1)], classes, 1);
}
