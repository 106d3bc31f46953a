using System.ComponentModel.DataAnnotations;

namespace FerMl.Experiments;

/// <summary>The options of a worker.</summary>
public sealed record StudyWorkerOptions : IValidatableObject
{
    /// <summary>
    /// The worker's name, unique within the study. Default: the machine's name, the process ID and a random part.
    /// </summary>
    [Required]
    public string Name { get; init; } =
        $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}"[..Math.Min(60, Environment.MachineName.Length + 20)];

    /// <summary>
    /// How long a worker may go without a heartbeat before another gets its trial; at least a second. Default: a minute.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait if no trial is available; at least a millisecond. Default: a second.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which no further trial starts, or null for no limit.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>The tuner for studies of kind <see cref="TunerKind.Custom"/>, or null.</summary>
    public ITuner? Tuner { get; init; }

    /// <summary>Receives each trial that reaches its epoch budget or fails.</summary>
    public IProgress<Trial>? Monitor { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromDays(1))
            yield return new ValidationResult($"The field {nameof(Lease)} must be from a second to a day.", [nameof(Lease)]);
        if (Wait < TimeSpan.FromMilliseconds(1) || Wait > TimeSpan.FromHours(1))
            yield return new ValidationResult($"The field {nameof(Wait)} must be from a millisecond to an hour.", [nameof(Wait)]);
    }
}
