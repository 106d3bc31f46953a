namespace FerMl.Benchmarking;

/// <summary>The result of one of the paper's experiments.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Title">Its description.</param>
/// <param name="Seed">The random seed.</param>
/// <param name="ClaimedAccuracy">The paper's accuracy, or null.</param>
/// <param name="ClaimedLoss">The paper's loss, or null.</param>
/// <param name="Failure">Why the training ended early, or null.</param>
/// <param name="Best">The epoch with the best validation accuracy; null if no epoch was completed.</param>
/// <param name="Last">The last epoch.</param>
/// <param name="ValidationFacesInTraining">Number of validation faces that duplicate training images, pixel for pixel: FER2013 has many
/// duplicates.</param>
/// <param name="ValidationAccuracyWithoutThem">The best epoch's validation accuracy without duplicates, 0..1.</param>
/// <param name="TestAccuracyWithoutThem">The best epoch's accuracy on test faces that don't duplicate Training images, 0..1.</param>
/// <param name="SecondsPerEpoch">Median wall-clock time of an epoch in seconds, including validation.</param>
/// <param name="History">For each epoch, loss and accuracy during training and on the validation faces.</param>
internal sealed record ExperimentResult(
    string Experiment, string Title, int Seed, double? ClaimedAccuracy, double? ClaimedLoss, string? Failure,
    EpochResult? Best, EpochResult? Last, int ValidationFacesInTraining, double? ValidationAccuracyWithoutThem,
    double? TestAccuracyWithoutThem,
    double? SecondsPerEpoch, IReadOnlyList<EpochReport> History)
{
    /// <summary>The first epoch whose training accuracy reaches the paper's accuracy, or null.</summary>
    public int? TrainingReachesClaimAt => First(report => report.TrainingAccuracy);

    /// <summary>The first epoch whose validation accuracy reaches the paper's accuracy, or null.</summary>
    public int? ValidationReachesClaimAt => First(report => report.ValidationAccuracy);

    private int? First(Func<EpochReport, double?> accuracy) => History.FirstOrDefault(report => accuracy(report) >= ClaimedAccuracy)?.Epoch;
}
