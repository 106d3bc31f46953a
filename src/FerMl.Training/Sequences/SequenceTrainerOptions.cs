using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>How a network over the frames of clips is trained. Every value is checked before any work starts.</summary>
public sealed record SequenceTrainerOptions
{
    /// <summary>The key column with the labels; its key values name them all. Default: <c>Label</c>.</summary>
    [Required, JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the pixel values of all frames (see <see cref="ClipRow.Pixels"/>). Default: <c>Pixels</c>.</summary>
    [Required, JsonIgnore]
    public string FeatureColumnName { get; init; } = "Pixels";

    /// <summary>Passes over the training clips. 1 to 10,000. Default: 40.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 40;

    /// <summary>Clips in a step. 1 to 4,096. Default: 32.</summary>
    [Range(1, 4_096)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Step size of AdamW, falling to 0 along a cosine. Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Weight decay. 0 to 1. Default: 0.05, since clips are few.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>
    /// Whether a BiLSTM reads the frames in their order; else the mean of their features is classified, whatever their order: what to
    /// compare with. Default: true.
    /// </summary>
    public bool HasBiLstm { get; init; } = true;

    /// <summary>Dropout of the frames' features. 0 up to but not 1. Default: 0.3.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.3;

    /// <summary>
    /// Share of the clips that is held out: the best epoch is kept by it, and the temperature fitted on it. 0 up to but not 1; at 0 the
    /// last epoch is kept. Of clips made of stills it is instead those whose stills the model of single faces hasn't seen either, where
    /// there are any (<see cref="ModelCard.HeldOut"/>). Default: 0.15.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double ValidationFraction { get; init; } = 0.15;

    /// <summary>Seed of all that is drawn at random. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Receives a report after each epoch. Default: none.</summary>
    [JsonIgnore]
    public IProgress<EpochReport>? EpochProgress { get; init; }

    /// <summary>Receives the number of clips whose frames were looked at, before training begins. Default: none.</summary>
    [JsonIgnore]
    public IProgress<int>? ClipProgress { get; init; }

    /// <summary>The rows to hold out, by their numbers; where there are none, they are drawn.</summary>
    internal IReadOnlyList<int> HeldOut { get; init; } = [];

    /// <summary>Stops it between two steps.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }
}
