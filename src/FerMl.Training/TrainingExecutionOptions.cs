using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>
/// Where and how a training runs: device, threads, checkpoints, progress, cancellation. Nothing here changes what is learned.
/// </summary>
public sealed record TrainingExecutionOptions : IValidatableObject
{
    /// <summary>
    /// Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> and so on, or <c>mps</c>. Default:
    /// auto.
    /// </summary>
    [Required]
    public string Device { get; init; } = "auto";

    /// <summary>
    /// Processor threads for the arithmetic; 0 for all, but one for small networks and while other programs keep the processors busy, when
    /// several would wait for each other. Sums are added up in another order by another number, so name one where two trainings on a busy
    /// machine must be equal to the last digit. 0 to 1,024. Default: 0.
    /// </summary>
    [Range(0, 1_024)]
    public int Threads { get; init; }

    /// <summary>
    /// Threads that make batches, ahead of the network that learns from them; 0 for one beside a processor that computes, and up to eight
    /// beside a GPU. What they make doesn't depend on their number. 0 to 256. Default: 0.
    /// </summary>
    [Range(0, 256)]
    public int FeedThreads { get; init; }

    /// <summary>
    /// Steps between two readings of loss and accuracy, and so between two reports; 0 for each on a processor and every 50th on a GPU,
    /// which has to be waited for. The last step of an epoch is read in any case. 0 to 100,000. Default: 0.
    /// </summary>
    [Range(0, 100_000)]
    public int ReportEverySteps { get; init; }

    /// <summary>The folder for checkpoints, or null for none. Default: none.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>
    /// Minutes between checkpoints within an epoch; one is written at the end of each epoch in any case. Above 0, at most 1,440. Default:
    /// 5.
    /// </summary>
    [Range(0.0, 1_440.0, MinimumIsExclusive = true)]
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>Whether to resume from the checkpoint in <see cref="CheckpointFolder"/>; else there must be none. Default: false.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether canceling gives the best epoch so far instead of an <see cref="OperationCanceledException"/>, once one epoch is complete.
    /// Default: false.
    /// </summary>
    public bool KeepBestOnCancel { get; init; }

    /// <summary>Stops the training at the next step. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Receives a report at the end of each epoch, on the training thread. Default: none.</summary>
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>
    /// Receives a report after each step that is read (<see cref="ReportEverySteps"/>), on the training thread. Default: none.
    /// </summary>
    public IProgress<StepReport>? StepProgress { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!DeviceChoice.IsName(Device))
            yield return new ValidationResult(
                $"The field {nameof(Device)} must be auto, cpu, cuda, cuda: and a number, or mps.", [nameof(Device)]);
        if (Resume && CheckpointFolder is null)
            yield return new ValidationResult(
                $"The field {nameof(Resume)} must be False without a {nameof(CheckpointFolder)}.", [nameof(Resume)]);
    }
}
