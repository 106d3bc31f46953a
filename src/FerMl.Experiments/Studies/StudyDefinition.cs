using System.ComponentModel.DataAnnotations;

namespace FerMl.Experiments;

/// <summary>What a study searches, and how. It is stored with the study, so that every worker does the same.</summary>
public sealed record StudyDefinition : IValidatableObject
{
    /// <summary>The study's name in its database: letters, digits, dots, dashes and underscores, at most 100.</summary>
    [Required, RegularExpression("[A-Za-z0-9._-]{1,100}")]
    public required string Name { get; init; }

    /// <summary>What is searched.</summary>
    [Required]
    public required SearchSpace Space { get; init; }

    /// <summary>What is made as good as can be. Default: accuracy.</summary>
    [EnumDataType(typeof(StudyMetric))]
    public StudyMetric Metric { get; init; }

    /// <summary>How configurations are chosen. Default: the tree-structured Parzen estimator.</summary>
    [EnumDataType(typeof(TunerKind))]
    public TunerKind Tuner { get; init; }

    /// <summary>How far trials are trained. Default: successive halving.</summary>
    [EnumDataType(typeof(ScheduleKind))]
    public ScheduleKind Schedule { get; init; } = ScheduleKind.SuccessiveHalving;

    /// <summary>The most trials, 1 to 100,000. Default: 30.</summary>
    [Range(1, 100_000)]
    public int MaxTrials { get; init; } = 30;

    /// <summary>Epochs of a trial that is trained to the end, 1 to 10,000. Default: 9.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 9;

    /// <summary>Epochs after which trials are first compared, 1 to 10,000. Default: 1.</summary>
    [Range(1, 10_000)]
    public int FirstEpochs { get; init; } = 1;

    /// <summary>
    /// One of so many trials continues at each rung, with so many times the epochs, 2 to 10. Default: 3, as the papers have it.
    /// </summary>
    [Range(2, 10)]
    public int Factor { get; init; } = 3;

    /// <summary>Trainings of a trial, with a seed each; their mean is its score. 1 to 20. Default: 1.</summary>
    [Range(1, 20)]
    public int Seeds { get; init; } = 1;

    /// <summary>Seed of all that is drawn at random. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Values of the first trials, before the tuner proposes any: each a whole configuration of <see cref="Space"/>. At most 10,000.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> FirstTrials { get; init; } = [];

    /// <summary>What workers need to know besides, such as where the data are.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Checks every value.</summary>
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
                yield return new ValidationResult($"FirstTrials has one that isn't of the search space: {why}", [nameof(FirstTrials)]);
        if (FirstEpochs > Epochs)
            yield return new ValidationResult(
                $"The field {nameof(FirstEpochs)} must be at most the {Epochs} epochs of a whole trial.", [nameof(FirstEpochs)]);
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

    /// <summary>What a new trial tries; null where all has been tried.</summary>
    /// <param name="trials">The trials so far.</param>
    /// <param name="custom">The tuner that the worker brings, or null.</param>
    /// <exception cref="ExperimentException">The study needs one, and none was brought.</exception>
    internal Configuration? Propose(IReadOnlyList<Trial> trials, ITuner? custom) =>
        trials.Count >= MaxTrials ? null
        : trials.Count < FirstTrials.Count ? new Configuration(FirstTrials[trials.Count])
        : CreateTuner(custom).Propose(Space, trials, trials.Count - FirstTrials.Count, Seed);

    /// <param name="custom">The tuner that the worker brings, or null.</param>
    /// <exception cref="ExperimentException">The study needs one, and none was brought.</exception>
    internal ITuner CreateTuner(ITuner? custom) => Tuner switch
    {
        TunerKind.Random => new RandomTuner(),
        TunerKind.Grid => new GridTuner(),
        TunerKind.Custom => custom ?? throw new ExperimentException(
            $"The study '{Name}' chooses configurations by a tuner of its own; work at it from the program that has it "
                + $"(StudyWorkerOptions.Tuner)."),
        _ => new TpeTuner(),
    };
}
