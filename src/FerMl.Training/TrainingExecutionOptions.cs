using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>
/// Where and how a training runs: device, threads, checkpoints, progress, cancellation. Nothing here affects what is learned.
/// </summary>
public sealed record TrainingExecutionOptions : IValidatableObject
{
    /// <summary>
    /// The compute device: <c>auto</c> (a GPU if available), <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> and so on, or <c>mps</c>. Default:
    /// auto.
    /// </summary>
    [Required]
    public string Device { get; init; } = "auto";

    /// <summary>
    /// CPU threads for the computation. 0 uses all, but only one for small networks, and while other processes keep the processors busy,
    /// since several threads would wait for each other. The number affects rounding, so set it if two trainings on a busy machine must be
    /// exactly equal. 0 to 1,024. Default: 0.
    /// </summary>
    [Range(0, 1_024)]
    public int Threads { get; init; }

    /// <summary>
    /// Threads that prepare batches ahead of the network; 0 for one when training on a CPU and up to eight on a GPU. Batches don't depend
    /// on the number. 0 to 256. Default: 0.
    /// </summary>
    [Range(0, 256)]
    public int FeedThreads { get; init; }

    /// <summary>
    /// Steps between two readings of loss and accuracy, and so between two reports; 0 for every step on a CPU and every 50th on a GPU,
    /// where reading has to wait. The last step of an epoch is always read. 0 to 100,000. Default: 0.
    /// </summary>
    [Range(0, 100_000)]
    public int ReportEverySteps { get; init; }

    /// <summary>The folder for checkpoints, or null for none. Default: none.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>
    /// Minutes between checkpoints within an epoch; the end of each epoch always writes one. Above 0, at most 1,440. Default: 5.
    /// </summary>
    [Range(0.0, 1_440.0, MinimumIsExclusive = true)]
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>Whether to resume from the checkpoint in <see cref="CheckpointFolder"/>; else there must be none. Default: false.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether canceling returns the best epoch, if one is complete, instead of an <see cref="OperationCanceledException"/>. Default:
    /// false.
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
