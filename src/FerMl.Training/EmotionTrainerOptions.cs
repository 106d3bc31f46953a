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

    /// <summary>The optimiser. Default: Adam.</summary>
    [EnumDataType(typeof(OptimizerKind))]
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Step size of the optimiser, where the schedule has it highest. Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the learning rate changes. Default: constant.</summary>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Epochs over which the learning rate rises evenly from 0 before the schedule begins; parts of an epoch too. 0 to 1,000. Default: 0.</summary>
    [Range(0.0, 1_000.0)]
    public double WarmUpEpochs { get; init; }

    /// <summary>Momentum of <see cref="OptimizerKind.Sgd"/>. 0 up to but not 1. Default: 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of weights; norms and biases have none. 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }

    /// <summary>Largest Euclidean norm of a step's gradients, to which longer ones are shortened; 0 for any. 0 to 10,000. Default: 0.</summary>
    [Range(0.0, 10_000.0)]
    public double GradientClipNorm { get; init; }

    /// <summary>Label smoothing (Szegedy et al., 2016, section 7): the share of the wanted probability that is spread over all labels. 0 up to but not 1. Default: 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>Decay a step of the moving average of the weights, which is validated and kept instead of the weights themselves; 0 for no average. 0 up to but not 1. Default: 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double WeightAverageDecay { get; init; }

    /// <summary>Random changes of the faces, or null for none. Default: none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>Width and height of the faces in the first epochs, in pixels, for networks that take any size: they grow to 48 over the first half of the training. 24, 32, 40 or 48. Default: 48.</summary>
    [AllowedValues(24, 32, 40, 48, ErrorMessage = "The field StartSide must be 24, 32, 40 or 48.")]
    public int StartSide { get; init; } = FaceResampler.Side;

    /// <summary>How much faces count in the loss by class. Default: alike.</summary>
    [EnumDataType(typeof(ClassWeighting))]
    public ClassWeighting ClassWeighting { get; init; }

    /// <summary>How far an epoch's faces are drawn with their classes evened out: by (faces of the class)^-this, with repetition; 0: each face once. 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)]
    public double BalancedSampling { get; init; }

    /// <summary>Gamma of the focal loss (Lin et al., 2017): faces that are right already count less by (1 - probability)^gamma. 0 (cross-entropy) to 10. Default: 0.</summary>
    [Range(0.0, 10.0)]
    public double FocalGamma { get; init; }

    /// <summary>The vector column with FER+ votes for the seven emotions. Default: <c>Votes</c>.</summary>
    [Required, JsonIgnore]
    public string VotesColumnName { get; init; } = "Votes";

    /// <summary>
    /// Share of the wanted probabilities that comes from FER+ votes instead of the label, for faces that have votes: from how probable each label is
    /// for a face with such votes, which a logistic regression learns from the faces to train on. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double VotesWeight { get; init; }

    /// <summary>Share of the wanted probabilities that comes from <see cref="Teachers"/> instead of the label. 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)]
    public double TeacherWeight { get; init; }

    /// <summary>Saved models whose mean scores are learned from (distillation: Hinton, Vinyals and Dean, 2015). Default: none.</summary>
    [JsonIgnore]
    public IReadOnlyList<EmotionModel> Teachers { get; init; } = [];

    /// <summary>Dropout rate of the trainer's own network. 0 up to but not 1. Default: 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of the faces that is kept apart, drawn at random with the labels in proportion, to choose the best epoch by. 0 (none: the last epoch is kept) to 0.9. Default: 0.2.</summary>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Whether the model is that of the last epoch, whichever was best; schedules that end at 0 are made for it. Default: false.</summary>
    public bool KeepLastEpoch { get; init; }

    /// <summary>Epochs without a better validation accuracy after which training stops; 0 for never. 0 to 10,000. Default: 10.</summary>
    [Range(0, 10_000)]
    public int EarlyStoppingPatience { get; init; } = 10;

    /// <summary>The numbers to compute with. Default: automatic.</summary>
    [EnumDataType(typeof(Precision))]
    public Precision Precision { get; init; }

    /// <summary>Where to compute: <c>auto</c> (a GPU where there is one), <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c> and so on, or <c>mps</c>. Default: auto.</summary>
    [Required, JsonIgnore]
    public string Device { get; init; } = "auto";

    /// <summary>Seed of the weights, the split, the order, the changes of faces and the dropout. Any number. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Processor threads for the arithmetic; 0 for all. 0 to 1,024. Default: 0.</summary>
    [Range(0, 1_024)]
    public int Threads { get; init; }

    /// <summary>Views of a face over which the model's scores are averaged. Default: none but the face itself.</summary>
    [EnumDataType(typeof(ScoreAveraging))]
    public ScoreAveraging Averaging { get; init; }

    /// <summary>Whether a temperature that makes the model's confidence right (smallest Brier score) is fitted on the validation part, where there is one, and stored in the model. Default: true.</summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>How the model file keeps its weights. Default: single precision.</summary>
    [EnumDataType(typeof(WeightFormat))]
    public WeightFormat WeightFormat { get; init; }

    /// <summary>The folder of an earlier training of the same network, whose weights this one begins with; the classifier's begin afresh where it tells other labels apart. The faces which that training kept for validation are kept for it again, whatever share <see cref="ValidationFraction"/> asks for (0: none). Default: none.</summary>
    [JsonIgnore]
    public string? StartFrom { get; init; }

    /// <summary>A saved model of the same network to begin with instead of a training's folder, to the same end. Models from before <see cref="ModelCard.KeptApart"/> don't say what was kept for validation: it is drawn afresh. Default: none.</summary>
    [JsonIgnore]
    public EmotionModel? StartFromModel { get; init; }

    /// <summary>The folder for checkpoints, or null for none. Default: none.</summary>
    [JsonIgnore]
    public string? CheckpointFolder { get; init; }

    /// <summary>Minutes between checkpoints within an epoch; one is written at the end of each epoch in any case. Above 0, at most 1,440. Default: 5.</summary>
    [Range(0.0, 1_440.0, MinimumIsExclusive = true), JsonIgnore]
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>Whether to go on from the checkpoint in <see cref="CheckpointFolder"/>; else there must be none. Default: false.</summary>
    [JsonIgnore]
    public bool Resume { get; init; }

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
        OptionRanges.Check(this);
        if (Augmentation is not null)
            OptionRanges.Check(Augmentation);
        if (!DeviceChoice.IsName(Device))
            throw new ValidationException($"Device is {Device}; it must be auto, cpu, cuda, cuda: and a number, or mps.");
        if (WarmUpEpochs >= Epochs)
            throw new ValidationException($"WarmUpEpochs is {WarmUpEpochs}; it must be less than the {Epochs} epochs.");
        if (TeacherWeight > 0 && Teachers.Count == 0)
            throw new ValidationException($"TeacherWeight is {TeacherWeight}; it must be 0 without teachers.");
        if (StartFrom is not null && StartFromModel is not null)
            throw new ValidationException($"StartFromModel is {StartFromModel.Name}; it must be null where StartFrom names a folder.");
        if (Resume && CheckpointFolder is null)
            throw new ValidationException("Resume is True; it must be False without a CheckpointFolder.");
        if (StartSide < FaceResampler.Side && Network is { TakesAnySize: false })
            throw new ValidationException($"StartSide is {StartSide}; it must be 48 for the network '{Network.Name}', which takes faces of that size only.");
    }
}
