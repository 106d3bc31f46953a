using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>
/// How far a training has come, apart from the tensors. Random numbers need no place here: they are functions of seed, epoch and step.
/// </summary>
internal sealed record TrainingState
{
    /// <summary>The epoch under way, from 1.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Steps done in it.</summary>
    public int Step { get; init; }

    /// <summary>Sum of the faces' losses in it.</summary>
    public double LossSum { get; init; }

    /// <summary>Faces that were labeled right in it.</summary>
    public long Correct { get; init; }

    /// <summary>Faces seen in it.</summary>
    public int Seen { get; init; }

    /// <summary>Time spent on its steps, in seconds.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Time spent on the whole training, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Steps of the optimizer.</summary>
    public long OptimizerSteps { get; init; }

    /// <summary>Updates of the weights' moving average.</summary>
    public long EmaUpdates { get; init; }

    /// <summary>
    /// The held-out faces, by <see cref="DuplicateAudit.KeyOf"/> in hexadecimal, without those that are trained on too: a training that
    /// begins with this one's weights holds them out again. Empty in checkpoints from before this was recorded.
    /// </summary>
    public ImmutableArray<string> HeldOut { get; init; } = [];

    /// <summary>Former name of <see cref="EmaUpdates"/>.</summary>
    [JsonInclude, JsonPropertyName("averageUpdates")]
    internal long AverageUpdates { init => EmaUpdates = value; }

    /// <summary>Former name of <see cref="HeldOut"/>.</summary>
    [JsonInclude, JsonPropertyName("unseen")]
    internal ImmutableArray<string> Unseen { init => HeldOut = value; }

    /// <summary>Whether a training can be there: what was counted is counted from 0, epochs come in order.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        Epoch >= 1 && Step >= 0 && Correct >= 0 && Seen >= Correct && OptimizerSteps >= 0 && EmaUpdates >= 0 && !HeldOut.IsDefault
        && !HeldOut.Contains(null!) && !History.IsDefault && History.Length < Epoch
        && History.Select((report, i) => report?.Epoch == i + 1).All(isInOrder => isInOrder);

    /// <summary>The epochs that are complete.</summary>
    public ImmutableArray<EpochReport> History { get; init; } = [];
}
