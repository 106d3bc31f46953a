using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>How a network over the frames of clips is trained. All values are validated before training starts.</summary>
public sealed record SequenceTrainerOptions
{
    /// <summary>The key column with the labels; its key values list them all. Default: <c>Label</c>.</summary>
    [Required, JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the pixel values of all frames (see <see cref="ClipRow.Pixels"/>). Default: <c>Pixels</c>.</summary>
    [Required, JsonIgnore]
    public string FeatureColumnName { get; init; } = "Pixels";

    /// <summary>Number of epochs. 1 to 10,000. Default: 40.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 40;

    /// <summary>Batch size, in clips. 1 to 4,096. Default: 32.</summary>
    [Range(1, 4_096)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Initial learning rate of AdamW, which falls to 0 along a cosine. Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Weight decay. 0 to 1. Default: 0.05, since clips are few.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>
    /// Whether a BiLSTM processes the frames in order. Otherwise the network classifies the mean of their features, as a baseline that
    /// ignores their order. Default: true.
    /// </summary>
    public bool HasBiLstm { get; init; } = true;

    /// <summary>Dropout rate of the frames' features. 0 to below 1. Default: 0.3.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.3;

    /// <summary>
    /// Fraction of the clips in the validation split, which selects the best epoch and fits the temperature. 0 to below 1; at 0 the last
    /// epoch is kept. For clips made of stills, the split is instead those whose stills the single-face model wasn't trained on, if there
    /// are any (<see cref="ModelCard.HeldOut"/>). Default: 0.15.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>Seed of all random numbers. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Receives a report after each epoch. Default: none.</summary>
    [JsonIgnore]
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>Receives the number of clips whose features have been extracted, before training begins. Default: none.</summary>
    [JsonIgnore]
    public IProgress<int>? ClipProgress { get; init; }

    /// <summary>The indices of the validation rows; if empty, they are drawn at random.</summary>
    internal IReadOnlyList<int> HeldOut { get; init; } = [];

    /// <summary>Stops the training at the next step.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }
}
