using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FerMl.Training;

/// <summary>
/// Training options: the recipe, which determines what is learned and is recorded in the model's card, and in <see cref="Execution"/> where
/// and how it runs. The defaults are the paper's. All values are validated before training starts.
/// </summary>
public sealed record EmotionTrainerOptions : IValidatableObject
{
    /// <summary>The key column with the labels; its key values list them all (see <c>MapEmotionToKey</c>). Default: <c>Label</c>.</summary>
    [Required, JsonIgnore]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the 2,304 pixel values 0..255 (see <c>FacePixels</c>). Default: <c>Pixels</c>.</summary>
    [Required, JsonIgnore]
    public string FeatureColumnName { get; init; } = "Pixels";

    /// <summary>The layers, or null for the trainer's default network, the paper's. Default: null.</summary>
    [JsonIgnore]
    public NetworkDefinition? Network { get; init; }

    /// <summary>Maximum number of epochs. 1 to 10,000. Default: 100.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 100;

    /// <summary>Batch size. 1 to 4,096. Default: 16.</summary>
    [Range(1, 4_096)]
    public int BatchSize { get; init; } = 16;

    /// <summary>The optimizer. Default: Adam.</summary>
    [EnumDataType(typeof(OptimizerKind))]
    public OptimizerKind Optimizer { get; init; }

    /// <summary>Learning rate at the peak of the schedule. Above 0, at most 10. Default: 0.001.</summary>
    [Range(0.0, 10.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the learning rate changes. Default: constant.</summary>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Epochs of linear learning-rate warm-up before the schedule begins; fractions are allowed. 0 to 1,000. Default: 0.</summary>
    [Range(0.0, 1_000.0)]
    public double WarmUpEpochs { get; init; }

    /// <summary>Momentum of <see cref="OptimizerKind.Sgd"/>. 0 to below 1. Default: 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay; normalization parameters and biases have none. 0 to 1. Default: 0.</summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }

    /// <summary>
    /// Gradient clipping norm: the maximum Euclidean norm of a step's gradients; 0 turns clipping off. 0 to 10,000. Default: 0.
    /// </summary>
    [Range(0.0, 10_000.0)]
    public double GradientClipNorm { get; init; }

    /// <summary>
    /// Label smoothing (Szegedy et al., 2016, section 7): the fraction of the target probability that is spread over all labels. 0 to below
    /// 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Decay per step of the exponential moving average (EMA) of the weights, which is validated and saved instead of the weights; 0 turns
    /// it off. 0 to below 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double EmaDecay { get; init; }

    /// <summary>Data augmentation, or null for none. Default: none.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>
    /// Width and height of the faces in the first epochs, in pixels, for networks that accept any size. They grow to 48 over the first half
    /// of the training. 24, 32, 40 or 48. Default: 48.
    /// </summary>
    [AllowedValues(24, 32, 40, 48, ErrorMessage = "The field InitialImageSize must be 24, 32, 40 or 48.")]
    public int InitialImageSize { get; init; } = FaceResampler.Side;

    /// <summary>
    /// Width and height of the crops that the network processes, in pixels, for networks that accept any size. In training, crops are
    /// random and replace <see cref="AugmentationOptions.Shift"/>; afterwards, they are center crops or those of
    /// <see cref="TestTimeAugmentation"/>. An even number from 24 to 48 (the entire face). Default: 48.
    /// </summary>
    [Range(24, 48)]
    public int CropSize { get; init; } = FaceResampler.Side;

    /// <summary>
    /// How many times each face occurs in an epoch, augmented differently each time. More views mean fewer validations and checkpoints for
    /// the same number of steps. 1 to 100. Default: 1.
    /// </summary>
    [Range(1, 100)]
    public int ViewsPerFace { get; init; } = 1;

    /// <summary>How the loss weights classes. Default: equally.</summary>
    [EnumDataType(typeof(ClassWeighting))]
    public ClassWeighting ClassWeighting { get; init; }

    /// <summary>
    /// Class-balanced sampling strength: faces are drawn with replacement, with probabilities proportional to (faces of the class)^-this. 0
    /// uses each face once. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double BalancedSampling { get; init; }

    /// <summary>
    /// Gamma of the focal loss (Lin et al., 2017), which reduces the weight of correctly classified faces by (1 - probability)^gamma. 0
    /// (cross-entropy) to 10. Default: 0.
    /// </summary>
    [Range(0.0, 10.0)]
    public double FocalGamma { get; init; }

    /// <summary>
    /// The vector column with FER+ votes for the eight emotions, in the order of their codes; seven without contempt are accepted too.
    /// Default: <c>Votes</c>.
    /// </summary>
    [Required, JsonIgnore]
    public string VotesColumnName { get; init; } = "Votes";

    /// <summary>How votes determine the target probabilities. Default: regression.</summary>
    [EnumDataType(typeof(VotesMode))]
    public VotesMode VotesMode { get; init; }

    /// <summary>
    /// Fraction of the target probabilities that comes from FER+ votes (see <see cref="VotesMode"/>) instead of the label, for faces that
    /// have votes. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double VotesWeight { get; init; }

    /// <summary>
    /// An auxiliary classifier on the same layers, for training only. It learns FER2013's label if the model learns FER+'s, or the votes if
    /// the model learns FER2013's label, from the columns <c>OwnLabel</c> and <see cref="VotesColumnName"/>. Default: none.
    /// </summary>
    [EnumDataType(typeof(AuxiliaryHead))]
    public AuxiliaryHead AuxiliaryHead { get; init; }

    /// <summary>
    /// Weight of the auxiliary head's loss; the model's own loss has 1 minus this. The reported training loss includes both. 0 to below 1.
    /// Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AuxiliaryWeight { get; init; } = 0.3;

    /// <summary>
    /// Fraction of the target probabilities that comes from <see cref="Teachers"/> instead of the label. 0 to 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TeacherWeight { get; init; }

    /// <summary>Saved models whose mean scores the network learns (distillation: Hinton, Vinyals and Dean, 2015). Default: none.</summary>
    [JsonIgnore]
    public IReadOnlyList<EmotionModel> Teachers { get; init; } = [];

    /// <summary>Dropout rate of the trainer's default network. 0 to below 1. Default: 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Dropout rate in each residual block of the trainer's default network, as in the best networks trained from scratch on FER2013. 0 to
    /// below 1. Default: 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double BlockDropout { get; init; }

    /// <summary>
    /// Fraction of the faces in the validation split, which is stratified by label and selects the best epoch. 0 (no split: the last epoch
    /// is kept) to 0.9. Default: 0.2.
    /// </summary>
    [Range(0.0, 0.9)]
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>Whether to keep the last epoch instead of the best one; suitable for schedules that end at 0. Default: false.</summary>
    public bool KeepLastEpoch { get; init; }

    /// <summary>Epochs without a better validation accuracy until training stops early; 0 for never. 0 to 10,000. Default: 10.</summary>
    [Range(0, 10_000)]
    public int EarlyStoppingPatience { get; init; } = 10;

    /// <summary>Precision of the computation. Default: automatic.</summary>
    [EnumDataType(typeof(Precision))]
    public Precision Precision { get; init; }

    /// <summary>Seed for the weights, the split, the order, augmentation and dropout. Any number. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Test-time augmentation (TTA): augmented images of a face over which scores are averaged. Default: none.</summary>
    [EnumDataType(typeof(TestTimeAugmentation))]
    public TestTimeAugmentation TestTimeAugmentation { get; init; }

    /// <summary>
    /// Whether to fit a temperature on the validation split, if there is one, and store it in the model, so that its confidence is
    /// calibrated (minimum Brier score). Default: true.
    /// </summary>
    public bool Calibrate { get; init; } = true;

    /// <summary>Format of the weights in the model file. Default: float32.</summary>
    [EnumDataType(typeof(WeightFormat))]
    public WeightFormat WeightFormat { get; init; }

    /// <summary>
    /// Initial weights from an earlier training of the same network. For a model with other labels, the classifier gets the weights of
    /// shared labels, and starts the others from random values. The earlier training's validation faces are held out again, whatever
    /// fraction <see cref="ValidationFraction"/> asks for (0: none). Default: none.
    /// </summary>
    [JsonIgnore]
    public InitialWeights? InitializeFrom { get; init; }

    /// <summary>
    /// Where and how the training runs, which doesn't affect what is learned. Default: on the best device, without checkpoints.
    /// </summary>
    [Required, JsonIgnore]
    public TrainingExecutionOptions Execution { get; init; } = new();

    /// <summary>Validates all values.</summary>
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
            yield return Wrong(nameof(AuxiliaryHead), "None with a focal loss, which would read the head's loss as low confidence");
        if (CropSize % 2 != 0)
            yield return Wrong(nameof(CropSize), "an even number");
        if (CropSize < FaceResampler.Side && Network is { TakesAnySize: false })
            yield return Wrong(nameof(CropSize), $"48 for the network '{Network.Name}', which takes faces of that size only");
        if (CropSize < FaceResampler.Side && InitialImageSize < FaceResampler.Side)
            yield return Wrong(nameof(InitialImageSize), $"48 for training on crops of {CropSize} pixels");
        if (BlockDropout > 0 && Network is { HasResidualBlocks: false })
            yield return Wrong(nameof(BlockDropout), $"0 for the network '{Network.Name}', which has no residual blocks");
        if (InitialImageSize < FaceResampler.Side && Network is { TakesAnySize: false })
            yield return Wrong(nameof(InitialImageSize), $"48 for the network '{Network.Name}', which takes faces of that size only");

        static ValidationResult Wrong(string name, string expected) => new($"The field {name} must be {expected}.", [name]);
    }
}
