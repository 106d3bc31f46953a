using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>
/// The progress of a training, without the tensors. Random numbers need no state: they are functions of seed, epoch and step.
/// </summary>
internal sealed record TrainingState
{
    /// <summary>The current epoch, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Completed steps of the epoch.</summary>
    public int Step { get; init; }

    /// <summary>Sum of the faces' losses in the epoch.</summary>
    public double LossSum { get; init; }

    /// <summary>Correctly classified faces in the epoch.</summary>
    public long Correct { get; init; }

    /// <summary>Faces processed in the epoch.</summary>
    public int Seen { get; init; }

    /// <summary>Training time of the epoch's steps, in seconds.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Total time of the training, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Number of optimizer steps.</summary>
    public long OptimizerSteps { get; init; }

    /// <summary>Number of updates of the weights' moving average.</summary>
    public long EmaUpdates { get; init; }

    /// <summary>
    /// The validation faces, by <see cref="DuplicateAudit.KeyOf"/> in hexadecimal, without duplicates of training faces. A training that
    /// starts from these weights holds them out again. Empty in checkpoints of versions that didn't record it.
    /// </summary>
    public ImmutableArray<string> HeldOut { get; init; } = [];

    /// <summary>Former name of <see cref="EmaUpdates"/>.</summary>
    [JsonInclude, JsonPropertyName("averageUpdates")]
    internal long AverageUpdates { init => EmaUpdates = value; }

    /// <summary>Former name of <see cref="HeldOut"/>.</summary>
    [JsonInclude, JsonPropertyName("unseen")]
    internal ImmutableArray<string> Unseen { init => HeldOut = value; }

    /// <summary>Whether the state is consistent: counts aren't negative, and epochs are in order.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        Epoch >= 1 && Step >= 0 && Correct >= 0 && Seen >= Correct && OptimizerSteps >= 0 && EmaUpdates >= 0 && !HeldOut.IsDefault
        && !HeldOut.Contains(null!) && !History.IsDefault && History.Length < Epoch
        && History.Select((report, i) => report?.Epoch == i + 1).All(isInOrder => isInOrder);

    /// <summary>Reports of the completed epochs.</summary>
    public ImmutableArray<EpochReport> History { get; init; } = [];
}
