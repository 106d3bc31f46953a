using System.ComponentModel.DataAnnotations;

namespace FerMl.Experiments;

/// <summary>How a worker works.</summary>
public sealed record StudyWorkerOptions : IValidatableObject
{
    /// <summary>
    /// The worker's name; no two workers of a study have the same. Default: the machine's name, the process's number and a random part.
    /// </summary>
    [Required]
    public string Name { get; init; } =
        $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}"[..Math.Min(60, Environment.MachineName.Length + 20)];

    /// <summary>
    /// How long a worker may give no heartbeat before its trial goes to another; at least a second. Default: a minute.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long it waits where there is nothing to do now; at least a millisecond. Default: a second.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which it begins no further trial, or null for none.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>The tuner of a study whose kind is <see cref="TunerKind.Custom"/>, or null.</summary>
    public ITuner? Tuner { get; init; }

    /// <summary>Hears of each trial that was trained as far as was asked, or failed.</summary>
    public IProgress<Trial>? Monitor { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromDays(1))
            yield return new ValidationResult($"The field {nameof(Lease)} must be from a second to a day.", [nameof(Lease)]);
        if (Wait < TimeSpan.FromMilliseconds(1) || Wait > TimeSpan.FromHours(1))
            yield return new ValidationResult($"The field {nameof(Wait)} must be from a millisecond to an hour.", [nameof(Wait)]);
    }
}
