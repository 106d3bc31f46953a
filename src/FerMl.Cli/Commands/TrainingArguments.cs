using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary>The options by which commands set how a network is trained; whatever isn't given is the preset's.</summary>
internal sealed class TrainingArguments
{
    private readonly Option<string> _preset = new("--preset") { Description = $"The network and its defaults: {string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.", DefaultValueFactory = _ => NetworkPreset.PaperCnnBiLstm.Name, HelpName = "name" };
    private readonly Option<int?> _epochs = Number<int>("--epochs", "The most passes over the training faces (1 to 10000).");
    private readonly Option<int?> _batchSize = Number<int>("--batch-size", "Faces in a step (1 to 4096).");
    private readonly Option<OptimizerKind?> _optimizer = Choice<OptimizerKind>("--optimizer", "The optimiser.");
    private readonly Option<double?> _learningRate = Number<double>("--learning-rate", "Largest step size of the optimiser (above 0, at most 10).");
    private readonly Option<LearningRateSchedule?> _schedule = Choice<LearningRateSchedule>("--schedule", "How the learning rate changes.");
    private readonly Option<double?> _warmUp = Number<double>("--warm-up", "Epochs over which the learning rate first rises from 0.");
    private readonly Option<double?> _weightDecay = Number<double>("--weight-decay", "Weight decay (0 to 1).");
    private readonly Option<double?> _clip = Number<double>("--clip", "Largest norm of a step's gradients (0: any).");
    private readonly Option<double?> _smoothing = Number<double>("--label-smoothing", "Share of the wanted probability that is spread over all labels (0 up to but not 1).");
    private readonly Option<double?> _average = Number<double>("--weight-average", "Decay of the moving average of the weights, such as 0.998 (0: none).");
    private readonly Option<bool?> _augment = new("--augment") { Description = "Whether faces are changed at random: true or false.", HelpName = "true|false" };
    private readonly Option<double?> _mixup = Number<double>("--mixup", "Alpha of mixup, which blends faces in pairs (0: none).");
    private readonly Option<double?> _erasing = Number<double>("--erasing", "Probability that a rectangle of a face is painted over (0 to 1).");
    private readonly Option<int?> _startSide = Number<int>("--start-side", "Width of the faces in the first epochs, growing to 48: 24, 32, 40 or 48.");
    private readonly Option<ClassWeighting?> _classWeights = Choice<ClassWeighting>("--class-weights", "How much faces of rare classes count.");
    private readonly Option<double?> _balanced = Number<double>("--balanced-sampling", "How far classes are evened out in an epoch (0 to 1).");
    private readonly Option<double?> _focal = Number<double>("--focal", "Gamma of the focal loss (0: cross-entropy).");
    private readonly Option<string?> _votes = new("--votes") { Description = "FER+ votes (fer2013new.csv) that go with the data.", HelpName = "csv" };
    private readonly Option<double?> _votesWeight = Number<double>("--votes-weight", "Share of the wanted probabilities that comes from the votes (0 to 1; 0.5 with --votes).");
    private readonly Option<string[]> _teachers = new("--teacher") { Description = "A saved model to learn from besides the labels; may be given several times.", HelpName = "zip|name", DefaultValueFactory = _ => [] };
    private readonly Option<double?> _teacherWeight = Number<double>("--teacher-weight", "Share of the wanted probabilities that comes from the teachers (0 to 1; 0.5 with --teacher).");
    private readonly Option<double?> _dropout = Number<double>("--dropout", "Dropout rate (0 up to but not 1).");
    private readonly Option<double?> _validation = Number<double>("--validation", "Share of the training faces kept apart for validation (0 to 0.9).");
    private readonly Option<bool?> _keepLast = new("--keep-last") { Description = "Whether the last epoch is kept rather than the best: true or false.", HelpName = "true|false" };
    private readonly Option<int?> _earlyStopping = Number<int>("--early-stopping", "Epochs without a better validation accuracy after which training stops (0: never).");
    private readonly Option<ScoreAveraging?> _averaging = Choice<ScoreAveraging>("--averaging", "Views of a face that the model averages over.");
    private readonly Option<bool?> _calibrate = new("--calibrate") { Description = "Whether the model's confidence is set right on the validation faces: true or false.", HelpName = "true|false" };
    private readonly Option<WeightFormat?> _weights = Choice<WeightFormat>("--weights", "How the model file keeps its weights.");
    private readonly Option<string?> _startFrom = new("--start-from") { Description = "An earlier training of the same network, whose weights to begin with: its folder, a model file, or one of the models that come with FerMl.", HelpName = "folder|zip|name" };
    private readonly Option<Precision?> _precision = Choice<Precision>("--precision", "The numbers to compute with.");
    private readonly Option<string?> _device = new("--device") { Description = "Where to compute: auto, cpu, cuda, cuda:1, mps.", HelpName = "name" };
    private readonly Option<int?> _seed = Number<int>("--seed", "Seed of all that is drawn at random.");
    private readonly Option<int?> _threads = Number<int>("--threads", "Processor threads (0: all).");
    private readonly Option<double?> _checkpointMinutes = Number<double>("--checkpoint-minutes", "Minutes between checkpoints within an epoch.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[
            _preset, _epochs, _batchSize, _optimizer, _learningRate, _schedule, _warmUp, _weightDecay, _clip, _smoothing, _average, _augment, _mixup, _erasing, _startSide,
            _classWeights, _balanced, _focal, _votes, _votesWeight, _teachers, _teacherWeight, _dropout, _validation, _keepLast, _earlyStopping,
            _averaging, _calibrate, _weights, _startFrom, _precision, _device, _seed, _threads, _checkpointMinutes])
            command.Options.Add(option);
    }

    public NetworkPreset Preset(ParseResult parsed) => NetworkPreset.Find(parsed.GetRequiredValue(_preset));

    /// <summary>The file with FER+ votes, or null.</summary>
    public string? Votes(ParseResult parsed) => parsed.GetValue(_votes);

    /// <exception cref="ValidationException">A value is outside its range; the message names the option.</exception>
    public EmotionTrainerOptions Options(ParseResult parsed)
    {
        var defaults = Preset(parsed).Defaults;
        var teachers = parsed.GetRequiredValue(_teachers);
        var start = parsed.GetValue(_startFrom);
        var startsFromModel = start is not null && !Directory.Exists(start) && ModelSource.IsModel(start);
        var augmentation = parsed.GetValue(_augment) switch { true => defaults.Augmentation ?? new AugmentationOptions(), false => null, null => defaults.Augmentation };
        if (parsed.GetValue(_mixup) is { } mixup)
            augmentation = Augmentation("--mixup") with { MixupAlpha = mixup };
        if (parsed.GetValue(_erasing) is { } erasing)
            augmentation = Augmentation("--erasing") with { Erasing = erasing };
        var options = defaults with
        {
            Epochs = parsed.GetValue(_epochs) ?? defaults.Epochs,
            BatchSize = parsed.GetValue(_batchSize) ?? defaults.BatchSize,
            Optimizer = parsed.GetValue(_optimizer) ?? defaults.Optimizer,
            LearningRate = parsed.GetValue(_learningRate) ?? defaults.LearningRate,
            Schedule = parsed.GetValue(_schedule) ?? defaults.Schedule,
            // A preset's warm-up is meant for its own number of epochs.
            WarmUpEpochs = parsed.GetValue(_warmUp) ?? Math.Min(defaults.WarmUpEpochs, (parsed.GetValue(_epochs) ?? defaults.Epochs) / 10.0),
            WeightDecay = parsed.GetValue(_weightDecay) ?? defaults.WeightDecay,
            GradientClipNorm = parsed.GetValue(_clip) ?? defaults.GradientClipNorm,
            LabelSmoothing = parsed.GetValue(_smoothing) ?? defaults.LabelSmoothing,
            WeightAverageDecay = parsed.GetValue(_average) ?? defaults.WeightAverageDecay,
            Augmentation = augmentation,
            StartSide = parsed.GetValue(_startSide) ?? defaults.StartSide,
            ClassWeighting = parsed.GetValue(_classWeights) ?? defaults.ClassWeighting,
            BalancedSampling = parsed.GetValue(_balanced) ?? defaults.BalancedSampling,
            FocalGamma = parsed.GetValue(_focal) ?? defaults.FocalGamma,
            VotesWeight = parsed.GetValue(_votesWeight) ?? (Votes(parsed) is null ? 0 : 0.5),
            Teachers = [.. teachers.Select(ModelSource.Load)],
            TeacherWeight = parsed.GetValue(_teacherWeight) ?? (teachers.Length == 0 ? 0 : 0.5),
            Dropout = parsed.GetValue(_dropout) ?? defaults.Dropout,
            ValidationFraction = parsed.GetValue(_validation) ?? defaults.ValidationFraction,
            KeepLastEpoch = parsed.GetValue(_keepLast) ?? defaults.KeepLastEpoch,
            EarlyStoppingPatience = parsed.GetValue(_earlyStopping) ?? defaults.EarlyStoppingPatience,
            Averaging = parsed.GetValue(_averaging) ?? defaults.Averaging,
            Calibrate = parsed.GetValue(_calibrate) ?? defaults.Calibrate,
            WeightFormat = parsed.GetValue(_weights) ?? defaults.WeightFormat,
            StartFrom = startsFromModel ? null : start ?? defaults.StartFrom,
            StartFromModel = startsFromModel ? ModelSource.Load(start!) : null,
            Precision = parsed.GetValue(_precision) ?? defaults.Precision,
            Device = parsed.GetValue(_device) ?? defaults.Device,
            Seed = parsed.GetValue(_seed) ?? defaults.Seed,
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
            CheckpointMinutes = parsed.GetValue(_checkpointMinutes) ?? defaults.CheckpointMinutes,
        };
        return Checked(Preset(parsed), options);

        AugmentationOptions Augmentation(string option) => augmentation ?? throw new ValidationException($"{option} needs --augment true.");
    }

    private static Option<T?> Number<T>(string name, string description) where T : struct => new(name) { Description = description, HelpName = "n" };

    private static Option<T?> Choice<T>(string name, string description) where T : struct, Enum =>
        new(name) { Description = description, HelpName = string.Join('|', Enum.GetNames<T>()).ToLowerInvariant() };

    private static EmotionTrainerOptions Checked(NetworkPreset preset, EmotionTrainerOptions options)
    {
        try
        {
            return preset.Complete(options);
        }
        catch (ValidationException e)
        {
            // The person gave an option, so the message names that and not the property behind it.
            var property = e.Message.Split(' ')[0];
            var option = property switch
            {
                nameof(EmotionTrainerOptions.BatchSize) => "--batch-size",
                nameof(EmotionTrainerOptions.LearningRate) => "--learning-rate",
                nameof(EmotionTrainerOptions.WarmUpEpochs) => "--warm-up",
                nameof(EmotionTrainerOptions.WeightDecay) => "--weight-decay",
                nameof(EmotionTrainerOptions.GradientClipNorm) => "--clip",
                nameof(EmotionTrainerOptions.LabelSmoothing) => "--label-smoothing",
                nameof(EmotionTrainerOptions.WeightAverageDecay) => "--weight-average",
                nameof(EmotionTrainerOptions.StartSide) => "--start-side",
                nameof(EmotionTrainerOptions.BalancedSampling) => "--balanced-sampling",
                nameof(EmotionTrainerOptions.FocalGamma) => "--focal",
                nameof(EmotionTrainerOptions.VotesWeight) => "--votes-weight",
                nameof(EmotionTrainerOptions.TeacherWeight) => "--teacher-weight",
                nameof(EmotionTrainerOptions.ValidationFraction) => "--validation",
                nameof(EmotionTrainerOptions.EarlyStoppingPatience) => "--early-stopping",
                nameof(EmotionTrainerOptions.CheckpointMinutes) => "--checkpoint-minutes",
                nameof(AugmentationOptions.MixupAlpha) => "--mixup",
                _ => $"--{property.ToLowerInvariant()}",
            };
            throw new ValidationException(option + e.Message[property.Length..], e);
        }
    }
}
