using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary>The options of a training. The preset provides all values that aren't given.</summary>
internal sealed class TrainingArguments
{
    /// <summary>
    /// Each option, the property of <see cref="EmotionTrainerOptions"/> that it sets, and its help. The property defines the valid values.
    /// </summary>
    private static readonly (string Name, string Property, string Help)[] Table =
    [
        ("--epochs", "Epochs", "Maximum number of epochs"),
        ("--batch-size", "BatchSize", "Batch size"),
        ("--optimizer", "Optimizer", "The optimizer"),
        ("--learning-rate", "LearningRate", "Peak learning rate"),
        ("--schedule", "Schedule", "How the learning rate changes"),
        ("--warm-up", "WarmUpEpochs", "Warm-up epochs of the learning rate"),
        ("--momentum", "Momentum", "Momentum of SGD"),
        ("--weight-decay", "WeightDecay", "Weight decay"),
        ("--clip", "GradientClipNorm", "Gradient clipping norm, 0 for none"),
        ("--label-smoothing", "LabelSmoothing", "Share of the target probability that is spread over all labels"),
        ("--ema", "EmaDecay", "Decay of the moving average of the weights, such as 0.998; 0 for none"),
        ("--mixup", "Augmentation.MixupAlpha", "Alpha of mixup, which blends faces in pairs; 0 for none"),
        ("--cutmix", "Augmentation.CutMixAlpha", "Alpha of CutMix, which pastes a part of one face into another; 0 for none"),
        ("--pairwise", "Augmentation.MixesPairwise", "Whether each pair of faces has its own mixing ratio"),
        ("--occlusion", "Augmentation.Occlusion", "Probability that a mask, a scarf, sunglasses or a hand is drawn over a face"),
        ("--erasing", "Augmentation.Erasing", "Probability of random erasing"),
        ("--initial-image-size", "InitialImageSize", "Width of the faces in the first epochs, growing to 48"),
        ("--crop", "CropSize", "Width of random crops; an even number"),
        ("--views-per-face", "ViewsPerFace", "Passes over the training faces per epoch"),
        ("--class-weights", "ClassWeighting", "Class weights of the loss"),
        ("--balanced-sampling", "BalancedSampling", "Class-balanced sampling strength"),
        ("--focal", "FocalGamma", "Gamma of the focal loss, 0 for cross-entropy"),
        ("--votes-mode", "VotesMode", "Targets from the votes: their distribution, the majority, or each label's probability by "
            + "regression; probability with --annotation ferplus, else regression"),
        ("--votes-weight", "VotesWeight", "Loss weight of the votes, as a share of the target probabilities; 1 with --annotation ferplus, "
            + "0.5 with --votes alone"),
        ("--auxiliary-head", "AuxiliaryHead", "A second classifier for training only, which learns the labels of the other annotation"),
        ("--auxiliary-weight", "AuxiliaryWeight", "Weight of the auxiliary head's loss"),
        ("--teacher-weight", "TeacherWeight", "Loss weight of the teachers, as a share of the target probabilities; 0.5 with --teacher"),
        ("--dropout", "Dropout", "Dropout rate"),
        ("--block-dropout", "BlockDropout", "Dropout rate in each residual block"),
        ("--validation", "ValidationFraction", "Validation split, as a share of the training faces"),
        ("--keep-last", "KeepLastEpoch", "Whether the last epoch is kept rather than the best"),
        ("--early-stopping", "EarlyStoppingPatience",
            "Epochs without a better validation accuracy after which training stops, 0 for never"),
        ("--test-time-augmentation", "TestTimeAugmentation", "Views of a face that the model averages over"),
        ("--calibrate", "Calibrate", "Whether the model is calibrated on the held-out faces"),
        ("--weights", "WeightFormat", "How the model file stores its weights"),
        ("--precision", "Precision", "Precision of the computation"),
        ("--seed", "Seed", "Random seed"),
        ("--device", "Execution.Device", "The device: auto, cpu, cuda, cuda:1, mps"),
        ("--threads", "Execution.Threads", "Processor threads, 0 for all"),
        ("--feed-threads", "Execution.FeedThreads", "Data loader threads, 0 for as many as suit the device"),
        ("--report-every", "Execution.ReportEverySteps", "Steps between reports, 0 for as many as suit the device"),
        ("--checkpoint-minutes", "Execution.CheckpointMinutes", "Minutes between checkpoints within an epoch"),
    ];

    /// <summary>The headings of the options in the help.</summary>
    public static IReadOnlyList<(string Heading, string[] Options)> Groups { get; } =
    [
        ("Data", ["--data", "--skip-bad-rows", "--labels", "--ignore", "--custom-labels", "--annotation", "--votes", "--task",
            "--keep-without-majority", "--limit", "--validation"]),
        ("Output", ["--out", "--resume", "--overwrite", "--weights", "--checkpoint-minutes", "--report-every"]),
        ("Network and start", ["--preset", "--initialize-from", "--dropout", "--block-dropout"]),
        ("Optimization", ["--epochs", "--batch-size", "--optimizer", "--learning-rate", "--schedule", "--warm-up", "--momentum",
            "--weight-decay", "--clip", "--ema", "--keep-last", "--early-stopping", "--seed"]),
        ("Augmentation", ["--augment", "--mixup", "--cutmix", "--pairwise", "--occlusion", "--erasing", "--initial-image-size", "--crop",
            "--views-per-face"]),
        ("Labels and loss", ["--label-smoothing", "--class-weights", "--balanced-sampling", "--focal", "--votes-mode", "--votes-weight",
            "--auxiliary-head", "--auxiliary-weight", "--teacher", "--teacher-weight"]),
        ("The saved model", ["--test-time-augmentation", "--calibrate"]),
        ("Computing", ["--device", "--precision", "--threads", "--feed-threads"]),
        ("Clips (experimental)", ["--sequences", "--frames"]),
    ];

    /// <summary>Property names in messages that aren't plain English words, and the options that set them.</summary>
    public static IEnumerable<(string Property, string Option)> Names => Table.Select(row => (row.Property.Split('.')[^1], row.Name))
        .Where(row => row.Item1.Skip(1).Any(char.IsUpper));

    /// <summary>The option that sets a property; otherwise null.</summary>
    /// <param name="property">The property's name without its parents.</param>
    public static string? OptionOf(string property) => Table.FirstOrDefault(row => row.Property.Split('.')[^1] == property).Name;

    private readonly Option<string> _preset = new("--preset")
    {
        Description = $"The network and its defaults: {string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.",
        DefaultValueFactory = _ => NetworkPreset.PaperCnnBiLstm.Name,
        HelpName = "name",
    };
    private readonly Option<bool?> _augment = new("--augment")
    {
        Description = "Whether faces are augmented: true or false.",
        HelpName = "true|false",
    };
    private readonly Option<string[]> _teachers = new("--teacher")
    {
        Description = "A saved model to distill from; may be given several times.",
        HelpName = "zip|name",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _initializeFrom = new("--initialize-from")
    {
        Description = "Weights to start from, of the same network: a training's folder, a model file, or a pretrained model's name.",
        HelpName = "folder|zip|name",
    };
    private readonly Row[] _rows = [.. Table.Select(Row.Of)];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _preset, .. _rows.Select(row => row.Option), _augment, _teachers, _initializeFrom])
            command.Options.Add(option);
    }

    public NetworkPreset Preset(ParseResult parsed) => NetworkPreset.Find(parsed.GetRequiredValue(_preset));

    /// <param name="parsed">The command line.</param>
    /// <param name="reading">How the data are read: whether there are votes, and whether they are the labels.</param>
    /// <exception cref="ValidationException">A value is outside its range.</exception>
    public EmotionTrainerOptions Options(ParseResult parsed, FerLoadOptions reading)
    {
        var defaults = Preset(parsed).Defaults;
        var teachers = parsed.GetRequiredValue(_teachers);
        var options = defaults with
        {
            Augmentation = parsed.GetValue(_augment) switch
            {
                true => defaults.Augmentation ?? new AugmentationOptions(),
                false => null,
                null => defaults.Augmentation,
            },
            Teachers = [.. teachers.Select(ModelSource.Load)],
            TeacherWeight = teachers.Length == 0 ? 0 : 0.5,
            VotesMode = UsualVotes(reading).Mode,
            VotesWeight = UsualVotes(reading).Weight,
            InitializeFrom = parsed.GetValue(_initializeFrom) is { } start ? InitialWeights(start) : null,
        };
        // The preset's warm-up suits its own number of epochs, so limit it for shorter trainings.
        var epochs = _rows.First(row => row.Property == nameof(options.Epochs)).Value(parsed) as int? ?? options.Epochs;
        options = options with { WarmUpEpochs = Math.Min(options.WarmUpEpochs, epochs / 10.0) };
        foreach (var row in _rows)
        {
            if (row.Value(parsed) is not { } value)
                continue;
            if (row.Property.StartsWith(nameof(options.Augmentation) + ".", StringComparison.Ordinal) && options.Augmentation is null)
                throw new ValidationException($"{row.Option.Name} needs --augment true.");
            options = OptionProperty.With(options, row.Property, value);
        }
        return Preset(parsed).Complete(options);
    }

    /// <summary>
    /// The default use of votes: the only target if they are the labels, half of the loss if they come in addition to labels.
    /// </summary>
    public static (VotesMode Mode, double Weight) UsualVotes(FerLoadOptions reading) =>
        reading.Annotation == Annotation.FerPlus ? (VotesMode.Probability, 1)
        : (VotesMode.Regression, reading.VotesPath is null ? 0 : 0.5);

    private static InitialWeights InitialWeights(string start) => !Directory.Exists(start) && ModelSource.IsModel(start)
        ? Training.InitialWeights.FromModel(ModelSource.Load(start))
        : Training.InitialWeights.FromRun(start);

    /// <summary>A row of the option table.</summary>
    /// <param name="Option">The command-line option.</param>
    /// <param name="Property">The path of the property.</param>
    /// <param name="Value">The value that was given, or null.</param>
    private sealed record Row(Option Option, string Property, Func<ParseResult, object?> Value)
    {
        public static Row Of((string Name, string Property, string Help) row)
        {
            var property = OptionProperty.Find(typeof(EmotionTrainerOptions), row.Property);
            var type = property.PropertyType;
            var make = type.IsValueType ? nameof(OfValue) : nameof(OfText);
            var method = typeof(Row).GetMethod(make, BindingFlags.NonPublic | BindingFlags.Static)!;
            if (type.IsValueType)
                method = method.MakeGenericMethod(type);
            return (Row)method.Invoke(null, [row.Name, row.Property, $"{row.Help}{ValuesOf(property)}."])!;
        }

        private static Row OfValue<T>(string name, string property, string description) where T : struct
        {
            var help = typeof(T).IsEnum ? string.Join('|', Enum.GetNames(typeof(T))).ToLowerInvariant() : typeof(T) == typeof(bool)
                ? "true|false" : "n";
            var option = new Option<T?>(name) { Description = description, HelpName = help };
            return new Row(option, property, parsed => parsed.GetValue(option));
        }

        private static Row OfText(string name, string property, string description)
        {
            var option = new Option<string?>(name) { Description = description, HelpName = "name" };
            return new Row(option, property, parsed => parsed.GetValue(option));
        }

        private static string ValuesOf(PropertyInfo property)
        {
            if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
                return $" ({string.Join(", ", allowed.Values)})";
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range)
                return property.PropertyType == typeof(bool) ? ": true or false" : "";
            return (range.MinimumIsExclusive, range.MaximumIsExclusive) switch
            {
                (true, _) => FormattableString.Invariant($" (above {range.Minimum}, at most {range.Maximum})"),
                (_, true) => FormattableString.Invariant($" ({range.Minimum} up to but not {range.Maximum})"),
                _ => FormattableString.Invariant($" ({range.Minimum} to {range.Maximum})"),
            };
        }
    }
}
