namespace FerMl.Benchmarking;

/// <summary>What became of one of the paper's experiments.</summary>
/// <param name="Experiment">Its name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Seed">Seed of all that was drawn at random.</param>
/// <param name="ClaimedAccuracy">The paper's accuracy, or null.</param>
/// <param name="ClaimedLoss">The paper's loss, or null.</param>
/// <param name="Failure">How the training ended before its end, or null.</param>
/// <param name="Best">The epoch with the best validation accuracy; null where no epoch was completed.</param>
/// <param name="Last">The last epoch.</param>
/// <param name="ValidationFacesInTraining">How many validation faces are trained on too, pixel for pixel: FER2013 has many faces
/// twice.</param>
/// <param name="ValidationAccuracyWithoutThem">The best epoch's accuracy on the others, 0..1.</param>
/// <param name="TestAccuracyWithoutThem">The best epoch's accuracy on the test faces that don't stand in Training, 0..1.</param>
/// <param name="SecondsPerEpoch">Wall-clock time of an epoch, validation included; the median.</param>
/// <param name="History">Each epoch: loss and accuracy while it was trained, and on the validation faces.</param>
internal sealed record ExperimentResult(
    string Experiment, string Title, int Seed, double? ClaimedAccuracy, double? ClaimedLoss, string? Failure,
    EpochResult? Best, EpochResult? Last, int ValidationFacesInTraining, double? ValidationAccuracyWithoutThem,
    double? TestAccuracyWithoutThem,
    double? SecondsPerEpoch, IReadOnlyList<EpochReport> History)
{
    /// <summary>The first epoch whose accuracy while it was trained reached the paper's, or null.</summary>
    public int? TrainingReachesClaimAt => First(report => report.TrainingAccuracy);

    /// <summary>The first epoch whose validation accuracy reached it, or null.</summary>
    public int? ValidationReachesClaimAt => First(report => report.ValidationAccuracy);

    private int? First(Func<EpochReport, double?> accuracy) => History.FirstOrDefault(report => accuracy(report) >= ClaimedAccuracy)?.Epoch;
}
