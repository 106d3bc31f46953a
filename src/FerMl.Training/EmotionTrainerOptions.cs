using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>
/// How a network is trained: the recipe, which decides what is learned and stands in the model's card, and in <see cref="Execution"/> where
/// and how it runs. The defaults are the paper's; every value is checked before any work starts.
/// </summary>
public sealed record EmotionTrainerOptions : IValidatableObject
{
    /// <summary>The key column with the labels; its key values name them all (see <c>MapEmotionToKey</c>). Default: <c>Label</c>.</summary>
    [Required, JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the 2,304 pixel values 0..255 (see <c>FacePixels</c>). Default: <c>Pixels</c>.</summary>
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

    /// <summary>The optimizer. Default: Adam.</summary>
    [EnumDataType(typeof(OptimizerKind))]
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Step size of the optimizer, where the schedule has it highest. Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the learning rate changes. Default: constant.</summary>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>
    /// Epochs over which the learning rate rises evenly from 0 before the schedule begins; parts of an epoch too. 0 to 1,000. Default: 0.
    /// </summary>
    [Range(0.0, 1_000.0)]
    public double WarmUpEpochs { get; init; }

    /// <summary>Momentum of <see cref="OptimizerKind.Sgd"/>. 0 up to but not 1. Default: 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay of weights; norms and biases have none. 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }

    /// <summary>
    /// Largest Euclidean norm of a step's gradients, to which longer ones are shortened; 0 for any. 0 to 10,000. Default: 0.
    /// </summary>
    [Range(0.0, 10_000.0)]
    public double GradientClipNorm { get; init; }

    /// <summary>
    /// Label smoothing (Szegedy et al., 2016, section 7): the share of the target probability that is spread over all labels. 0 up to but
    /// not 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Decay a step of the moving average of the weights, which is validated and kept instead of the weights themselves; 0 for no average.
    /// 0 up to but not 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double EmaDecay { get; init; }

    /// <summary>Random changes of the faces, or null for none. Default: none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>
    /// Width and height of the faces in the first epochs, in pixels, for networks that take any size: they grow to 48 over the first half
    /// of the training. 24, 32, 40 or 48. Default: 48.
    /// </summary>
    [AllowedValues(24, 32, 40, 48, ErrorMessage = "The field InitialImageSize must be 24, 32, 40 or 48.")]
    public int InitialImageSize { get; init; } = FaceResampler.Side;

    /// <summary>
    /// Width and height of the part of a face that the network sees, in pixels, for networks that take any size: in training anywhere
    /// within the face, instead of <see cref="AugmentationOptions.Shift"/>; afterwards its middle, or where
    /// <see cref="TestTimeAugmentation"/> says. An even number from 24 to 48 (all of the face). Default: 48.
    /// </summary>
    [Range(24, 48)]
    public int CropSize { get; init; } = FaceResampler.Side;

    /// <summary>
    /// How often each face comes in an epoch, changed otherwise each time: fewer validations and checkpoints for as many steps. 1 to 100.
    /// Default: 1.
    /// </summary>
    [Range(1, 100)]
    public int ViewsPerFace { get; init; } = 1;

    /// <summary>How much faces count in the loss by class. Default: alike.</summary>
    [EnumDataType(typeof(ClassWeighting))]
    public ClassWeighting ClassWeighting { get; init; }

    /// <summary>
    /// How far an epoch's faces are drawn with their classes evened out: by (faces of the class)^-this, with repetition; 0: each face once.
    /// 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double BalancedSampling { get; init; }

    /// <summary>
    /// Gamma of the focal loss (Lin et al., 2017): faces that are right already count less by (1 - probability)^gamma. 0 (cross-entropy) to
    /// 10. Default: 0.
    /// </summary>
    [Range(0.0, 10.0)]
    public double FocalGamma { get; init; }

    /// <summary>
    /// The vector column with FER+ votes for the eight emotions in the order of their codes (seven without contempt are taken too).
    /// Default: <c>Votes</c>.
    /// </summary>
    [Required, JsonIgnore]
    public string VotesColumnName { get; init; } = "Votes";

    /// <summary>What the votes say of the target probabilities. Default: regression.</summary>
    [EnumDataType(typeof(VotesMode))]
    public VotesMode VotesMode { get; init; }

    /// <summary>
    /// Share of the target probabilities that comes from FER+ votes, as <see cref="VotesMode"/> says, instead of the label, for faces that
    /// have votes. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double VotesWeight { get; init; }

    /// <summary>
    /// A second classifier on the same layers, for training only: it learns FER2013's label where the model learns FER+'s, or the votes
    /// where the model learns FER2013's label, from the columns <c>OwnLabel</c> and <see cref="VotesColumnName"/>. Default: none.
    /// </summary>
    [EnumDataType(typeof(AuxiliaryHead))]
    public AuxiliaryHead AuxiliaryHead { get; init; }

    /// <summary>
    /// Weight of the auxiliary head's loss; the model's own has 1 minus this. The training loss that epochs report is of both. 0 up to but
    /// not 1. Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AuxiliaryWeight { get; init; } = 0.3;

    /// <summary>
    /// Share of the target probabilities that comes from <see cref="Teachers"/> instead of the label. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TeacherWeight { get; init; }

    /// <summary>Saved models whose mean scores are learned from (distillation: Hinton, Vinyals and Dean, 2015). Default: none.</summary>
    [JsonIgnore]
    public IReadOnlyList<EmotionModel> Teachers { get; init; } = [];

    /// <summary>Dropout rate of the trainer's own network. 0 up to but not 1. Default: 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Dropout rate in each residual block of the trainer's own network, as the best networks from scratch on FER2013 have it. 0 up to but
    /// not 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double BlockDropout { get; init; }

    /// <summary>
    /// Share of the faces that is held out, drawn at random with the labels in proportion, to choose the best epoch by. 0 (none: the last
    /// epoch is kept) to 0.9. Default: 0.2.
    /// </summary>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>
    /// Whether the model is that of the last epoch, whichever was best; schedules that end at 0 are made for it. Default: false.
    /// </summary>
    public bool KeepLastEpoch { get; init; }

    /// <summary>Epochs without a better validation accuracy after which training stops; 0 for never. 0 to 10,000. Default: 10.</summary>
    [Range(0, 10_000)]
    public int EarlyStoppingPatience { get; init; } = 10;

    /// <summary>The numbers to compute with. Default: automatic.</summary>
    [EnumDataType(typeof(Precision))]
    public Precision Precision { get; init; }

    /// <summary>Seed of the weights, the split, the order, the changes of faces and the dropout. Any number. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Views of a face over which the model's scores are averaged. Default: none but the face itself.</summary>
    [EnumDataType(typeof(TestTimeAugmentation))]
    public TestTimeAugmentation TestTimeAugmentation { get; init; }

    /// <summary>
    /// Whether a temperature that makes the model's confidence right (smallest Brier score) is fitted on the validation part, where there
    /// is one, and stored in the model. Default: true.
    /// </summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>How the model file keeps its weights. Default: float32.</summary>
    [EnumDataType(typeof(WeightFormat))]
    public WeightFormat WeightFormat { get; init; }

    /// <summary>
    /// Weights of an earlier training of the same network to begin with; of a model with other labels the classifier's are taken for those
    /// that both have, and begin afresh for the others.
    /// The faces which that training held out are held out again, whatever share <see cref="ValidationFraction"/> asks for (0: none).
    /// Default: none.
    /// </summary>
    [JsonIgnore]
    public InitialWeights? InitializeFrom { get; init; }

    /// <summary>
    /// Where and how the training runs, which changes nothing of what is learned. Default: on the best device, without checkpoints.
    /// </summary>
    [Required, JsonIgnore]
    public TrainingExecutionOptions Execution { get; init; } = new();

    /// <summary>Checks every value.</summary>
    /// <exception cref="ValidationException">A value is outside its range; the message names it and the range.</exception>
    public void Validate() => OptionsValidator.Check(this);

    /// <summary>Checks values that depend on each other.</summary>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (WarmUpEpochs >= Epochs)
            yield return Wrong(nameof(WarmUpEpochs), $"less than the {Epochs} epochs");
        if (TeacherWeight > 0 && Teachers.Count == 0)
            yield return Wrong(nameof(TeacherWeight), "0 without teachers");
        if (FocalGamma > 0 && AuxiliaryHead != AuxiliaryHead.None)
            yield return Wrong(nameof(AuxiliaryHead), "None with a focal loss, which would take the head's share for doubt");
        if (CropSize % 2 != 0)
            yield return Wrong(nameof(CropSize), "an even number");
        if (CropSize < FaceResampler.Side && Network is { TakesAnySize: false })
            yield return Wrong(nameof(CropSize), $"48 for the network '{Network.Name}', which takes faces of that size only");
        if (CropSize < FaceResampler.Side && InitialImageSize < FaceResampler.Side)
            yield return Wrong(nameof(InitialImageSize), $"48 where crops of {CropSize} pixels are trained on");
        if (BlockDropout > 0 && Network is { HasResidualBlocks: false })
            yield return Wrong(nameof(BlockDropout), $"0 for the network '{Network.Name}', which has no residual blocks");
        if (InitialImageSize < FaceResampler.Side && Network is { TakesAnySize: false })
            yield return Wrong(nameof(InitialImageSize), $"48 for the network '{Network.Name}', which takes faces of that size only");

        static ValidationResult Wrong(string name, string expected) => new($"The field {name} must be {expected}.", [name]);
    }
}
