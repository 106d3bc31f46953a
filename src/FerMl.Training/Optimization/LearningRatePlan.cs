namespace FerMl.Training;

/// <summary>The learning rate at any point of a training: a function of the options, the position and, for plateaus, the history.</summary>
internal static class LearningRatePlan
{
    private const double OneCycleRise = 0.3;
    private const double OneCycleStart = 1.0 / 25;
    private const int PlateauPatience = 5;

    /// <param name="options">The training options.</param>
    /// <param name="epochs">Completed epochs, with the fraction of the current one: 2.5 is the middle of the third.</param>
    /// <param name="history">Reports of the completed epochs.</param>
    /// <param name="step">Length of a step in epochs, so that the first warm-up step has a learning rate above 0.</param>
    public static double At(EmotionTrainerOptions options, double epochs, IReadOnlyList<EpochReport> history, double step = 0)
    {
        if (epochs < options.WarmUpEpochs)
            return options.LearningRate * Math.Min(1, (epochs + step) / options.WarmUpEpochs);
        var share = (epochs - options.WarmUpEpochs) / Math.Max(1e-9, options.Epochs - options.WarmUpEpochs);
        return options.LearningRate * options.Schedule switch
        {
            LearningRateSchedule.Cosine => HalfCosine(share),
            LearningRateSchedule.OneCycle when share < OneCycleRise => 1 - (1 - OneCycleStart) * HalfCosine(share / OneCycleRise),
            LearningRateSchedule.OneCycle => HalfCosine((share - OneCycleRise) / (1 - OneCycleRise)),
            LearningRateSchedule.Plateau => Math.Pow(0.1, Plateaus(history)),
            _ => 1,
        };
    }

    /// <summary>Falls from 1 at 0 to 0 at 1.</summary>
    private static double HalfCosine(double share) => (1 + Math.Cos(Math.PI * Math.Min(1, share))) / 2;

    private static int Plateaus(IReadOnlyList<EpochReport> history)
    {
        var (best, waited, plateaus) = (double.PositiveInfinity, 0, 0);
        foreach (var report in history)
        {
            var loss = report.ValidationLoss ?? report.TrainingLoss;
            (best, waited) = loss < best ? (loss, 0) : (best, waited + 1);
            if (waited == PlateauPatience)
                (waited, plateaus) = (0, plateaus + 1);
        }
        return plateaus;
    }
}
