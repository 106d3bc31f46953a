using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>How a network is trained. The defaults are the paper's; every value is checked before any work starts.</summary>
public sealed record EmotionTrainerOptions
{
    /// <summary>The key column with the labels; its key values name them all (see <c>MapEmotionToKey</c>). Default: <c>Label</c>.</summary>
    [Required, JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the 2,304 grey levels 0..255 (see <c>FacePixels</c>). Default: <c>Pixels</c>.</summary>
    [Required, JsonIgnore]
    public string FeatureColumnName { get; init; } = "Pixels";

    /// <summary>The layers, or null for the trainer's own: the paper's. Default: null.</summary>
    [JsonIgnore]
    public NetworkDefinition? Network { get; init; }

    /// <summary>The most passes over the training part. 1 to 10,000. Default: 100.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 100;

    /// <summary>Faces in a step. 1 to 4,096. Default: 16.</summary>
    [Range(1, 4_096)]
    public int BatchSize { get; init; } = 16;

    /// <summary>Step size of Adam (Kingma and Ba, 2015; its other constants are theirs). Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Dropout rate of the trainer's own network. 0 up to but not 1. Default: 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of the faces that is kept apart, drawn at random with the labels in proportion, to choose the best epoch by. 0 (none: the last epoch is kept) to 0.9. Default: 0.2.</summary>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Epochs without a better validation accuracy after which training stops; 0 for never. 0 to 10,000. Default: 10.</summary>
    [Range(0, 10_000)]
    public int EarlyStoppingPatience { get; init; } = 10;

    /// <summary>Seed of the weights, the split, the order and the dropout. Any number. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Processor threads for the arithmetic; 0 for all. 0 to 1,024. Default: 0.</summary>
    [Range(0, 1_024)]
    public int Threads { get; init; }

    /// <summary>Whether the model's scores are the mean over the face and its mirror image: more accurate, half as fast. Default: false.</summary>
    public bool FlipAverage { get; init; }

    /// <summary>Whether cancelling gives the best epoch so far instead of an <see cref="OperationCanceledException"/>, once one epoch is complete. Default: false.</summary>
    [JsonIgnore]
    public bool KeepBestOnCancel { get; init; }

    /// <summary>Stops the training at the next step. Default: none.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Receives a report at the end of each epoch, on the training thread. Default: none.</summary>
    [JsonIgnore]
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>Receives a report after each step, on the training thread. Default: none.</summary>
    [JsonIgnore]
    public IProgress<StepReport>? StepProgress { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ValidationException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        var wrong = new List<ValidationResult>();
        if (Validator.TryValidateObject(this, new ValidationContext(this), wrong, validateAllProperties: true))
            return;
        var name = wrong[0].MemberNames.First();
        var value = GetType().GetProperty(name)!.GetValue(this);
        throw new ValidationException(wrong[0].ErrorMessage!.Replace($"The field {name} must", $"{name} is {value}; it must", StringComparison.Ordinal));
    }
}
