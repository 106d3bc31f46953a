using System.ComponentModel.DataAnnotations;

namespace FerMl.Experiments;

/// <summary>The definition of a study: its search space and settings. It is stored with the study, so that all workers share it.</summary>
public sealed record StudyDefinition : IValidatableObject
{
    /// <summary>The study's name in its database: letters, digits, dots, dashes and underscores, at most 100.</summary>
    [Required, RegularExpression("[A-Za-z0-9._-]{1,100}")]
    public required string Name { get; init; }

    /// <summary>The search space.</summary>
    [Required]
    public required SearchSpace Space { get; init; }

    /// <summary>The metric to optimize. Default: accuracy.</summary>
    [EnumDataType(typeof(StudyMetric))]
    public StudyMetric Metric { get; init; }

    /// <summary>How configurations are chosen. Default: the tree-structured Parzen estimator.</summary>
    [EnumDataType(typeof(TunerKind))]
    public TunerKind Tuner { get; init; }

    /// <summary>The schedule of the epoch budget. Default: successive halving.</summary>
    [EnumDataType(typeof(ScheduleKind))]
    public ScheduleKind Schedule { get; init; } = ScheduleKind.SuccessiveHalving;

    /// <summary>Maximum number of trials, 1 to 100,000. Default: 30.</summary>
    [Range(1, 100_000)]
    public int MaxTrials { get; init; } = 30;

    /// <summary>Epochs of a fully trained trial, 1 to 10,000. Default: 9.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 9;

    /// <summary>Epochs after which trials are first compared, 1 to 10,000. Default: 1.</summary>
    [Range(1, 10_000)]
    public int FirstEpochs { get; init; } = 1;

    /// <summary>
    /// Reduction factor, 2 to 10: one of this many trials continues at each rung, with as many times the epochs. Default: 3 (the papers').
    /// </summary>
    [Range(2, 10)]
    public int Factor { get; init; } = 3;

    /// <summary>Trainings per trial, each with its own seed; the score is their mean. 1 to 20. Default: 1.</summary>
    [Range(1, 20)]
    public int Seeds { get; init; } = 1;

    /// <summary>The random seed. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The first trials, before the tuner proposes any: each a complete configuration of <see cref="Space"/>. At most 10,000.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> FirstTrials { get; init; } = [];

    /// <summary>Additional information for workers, such as the location of the data.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Validates all values.</summary>
    /// <exception cref="ValidationException">A value is outside its range.</exception>
    public void Validate() => OptionsValidator.Check(this);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Space.Parameters.Count == 0)
            yield return new ValidationResult("Space has no parameter; there is nothing to search.");
        foreach (var parameter in Space.Parameters)
            parameter.Validate();
        if (FirstTrials.Count > 10_000)
            yield return new ValidationResult("FirstTrials has more than 10,000 trials.", [nameof(FirstTrials)]);
        foreach (var values in FirstTrials)
            if (WhyNone(values) is { } why)
                yield return new ValidationResult($"FirstTrials has one outside the search space: {why}", [nameof(FirstTrials)]);
        if (FirstEpochs > Epochs)
            yield return new ValidationResult(
                $"The field {nameof(FirstEpochs)} must be at most the {Epochs} epochs of a full trial.", [nameof(FirstEpochs)]);
    }

    private string? WhyNone(IReadOnlyDictionary<string, string> values)
    {
        try
        {
            Space.ToUnit(new Configuration(values));
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <summary>Proposes the configuration of a new trial; null if there are no more.</summary>
    /// <param name="trials">The existing trials.</param>
    /// <param name="custom">The worker's custom tuner, or null.</param>
    /// <exception cref="ExperimentException">The study needs a custom tuner, and there is none.</exception>
    internal Configuration? Propose(IReadOnlyList<Trial> trials, ITuner? custom) =>
        trials.Count >= MaxTrials ? null
        : trials.Count < FirstTrials.Count ? new Configuration(FirstTrials[trials.Count])
        : CreateTuner(custom).Propose(Space, trials, trials.Count - FirstTrials.Count, Seed);

    /// <param name="custom">The worker's custom tuner, or null.</param>
    /// <exception cref="ExperimentException">The study needs a custom tuner, and there is none.</exception>
    internal ITuner CreateTuner(ITuner? custom) => Tuner switch
    {
        TunerKind.Random => new RandomTuner(),
        TunerKind.Grid => new GridTuner(),
        TunerKind.Custom => custom ?? throw new ExperimentException(
            $"The study '{Name}' uses a custom tuner; run it from the program that has it (StudyWorkerOptions.Tuner)."),
        TunerKind.Tpe => new TpeTuner(),
        _ => throw new InvalidOperationException($"There is no tuner {Tuner}."),
    };
}
