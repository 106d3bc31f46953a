namespace FerMl.Training;

/// <summary>
/// Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2): logits are divided by the one number
/// that makes the log-loss on validation faces smallest. Labels don't change by it where a model has a single view of a face.
/// </summary>
internal static class TemperatureFit
{
    private const double Lowest = 0.25, Highest = 4;

    /// <summary>Finds the temperature by golden-section search over its logarithm.</summary>
    /// <param name="views">Logits of each view, [faces * classes] each.</param>
    /// <param name="labels">The right classes.</param>
    /// <param name="classes">Number of classes.</param>
    public static double Find(IReadOnlyList<float[]> views, IReadOnlyList<int> labels, int classes)
    {
        var golden = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        var (left, right) = (high - golden * (high - low), low + golden * (high - low));
        var (atLeft, atRight) = (Loss(left), Loss(right));
        while (high - low > 1e-4)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - golden * (high - low);
                atLeft = Loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + golden * (high - low);
                atRight = Loss(right);
            }
        }
        return Math.Exp((low + high) / 2);

        double Loss(double logTemperature)
        {
            var scores = Scores(views, classes, Math.Exp(logTemperature));
            var sum = 0.0;
            for (var i = 0; i < labels.Count; i++)
                sum -= Math.Log(Math.Max(1e-15, scores[i * classes + labels[i]]));
            return sum;
        }
    }

    /// <summary>The probabilities at a temperature: the mean over the views.</summary>
    public static float[] Scores(IReadOnlyList<float[]> views, int classes, double temperature)
    {
        var scores = new float[views[0].Length];
        var row = new double[classes];
        foreach (var logits in views)
            for (var first = 0; first < logits.Length; first += classes)
            {
                var highest = double.NegativeInfinity;
                for (var c = 0; c < classes; c++)
                    highest = Math.Max(highest, row[c] = logits[first + c] / temperature);
                var sum = 0.0;
                for (var c = 0; c < classes; c++)
                    sum += row[c] = Math.Exp(row[c] - highest);
                for (var c = 0; c < classes; c++)
                    scores[first + c] += (float)(row[c] / sum / views.Count);
            }
        return scores;
    }
}
