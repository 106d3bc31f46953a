using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>The result of running a model over the labeled faces of a data set.</summary>
[JsonConverter(typeof(EmotionEvaluationConverter))]
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed class EmotionEvaluation : IHtmlValue
{
    private EmotionEvaluation(EmotionMetrics metrics) => Metrics = metrics;

    /// <summary>The metrics over all evaluated faces.</summary>
    public EmotionMetrics Metrics { get; }

    /// <summary>The evaluated faces with their predictions, in the order of the data set.</summary>
    public IReadOnlyList<EvaluatedFace> Faces { get; private init; } = [];

    /// <summary>
    /// The faces by ascending score of the true label: the most confident errors come first, the most confident correct predictions last.
    /// </summary>
    public IEnumerable<EvaluatedFace> WorstFirst => Faces.OrderBy(face => face.TrueScore);

    /// <summary>The evaluated parts of the data set.</summary>
    public IReadOnlyList<Usage> Usages { get; private init; } = [];

    /// <summary>Compares this evaluation with another model's evaluation on the same faces.</summary>
    /// <param name="name">Display name of this model.</param>
    /// <param name="other">The other model's evaluation.</param>
    /// <param name="otherName">Display name of the other model.</param>
    /// <exception cref="ArgumentException">The evaluations are on different faces.</exception>
    public EvaluationComparison CompareWith(string name, EmotionEvaluation other, string otherName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(otherName);
        ArgumentNullException.ThrowIfNull(other);
        return new EvaluationComparison(name, this, otherName, other);
    }

    /// <summary>The annotation whose labels are the ground truth.</summary>
    public Annotation Annotation { get; private init; }

    /// <summary>Number of faces of the chosen usages that were left out, because their label isn't one of the task's.</summary>
    public int Excluded { get; private init; }

    /// <summary>
    /// Number of evaluated faces that are pixel-identical to training images; null if the data has no Training part or Training itself was
    /// evaluated.
    /// </summary>
    public int? DuplicatesInTraining { get; private init; }

    /// <summary>Accuracy without the duplicates of training images, 0..1; null if they weren't counted or no other face is left.</summary>
    public double? AccuracyWithoutDuplicates { get; private init; }

    /// <summary>Faces per second of wall-clock time, on all processors.</summary>
    public double ImagesPerSecond { get; private init; }

    /// <summary>Evaluates a model.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="dataset">The faces. Its Training part, if any, shows which test images are duplicates of training images.</param>
    /// <param name="options">What to evaluate.</param>
    /// <param name="cancellationToken">Cancels the evaluation between batches.</param>
    /// <exception cref="ArgumentException">The task has a label that the model lacks.</exception>
    /// <exception cref="FerDataException">No face has one of the chosen usages and one of the labels.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
    /// var evaluation = EmotionEvaluation.Run(predictor, FerDataset.Load("data/fer2013.csv"));
    /// Console.WriteLine($"{evaluation.Metrics.Accuracy:P1}");
    /// </code>
    /// </example>
    public static EmotionEvaluation Run(
        EmotionPredictor predictor, FerDataset dataset, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(dataset);
        options ??= new EvaluationOptions();
        var labels = options.Task?.Labels.AsEnumerable() ?? predictor.Labels;
        string[] names = [.. labels];
        if (names.FirstOrDefault(name => !predictor.Labels.Contains(name)) is { } unknown)
            throw new ArgumentException($"The model does not predict '{unknown}'; its labels are {string.Join(", ", predictor.Labels)}.");

        var usages = EvaluationOptions.UsagesOf(options.Usages, dataset.Samples.Select(face => face.Usage));
        var chosen = dataset.Samples.Where(face => usages.Contains(face.Usage)).ToArray();
        var evaluated = chosen.Where(face => names.Contains(face.Label)).ToArray();
        if (chosen.Length == 0)
            throw new FerDataException(
                $"{dataset.Source}: has no {string.Join(" or ", usages)} faces; hold some out with StratifiedSplit, or set "
                    + "EvaluationOptions.Usages.");
        var faces = dataset.Select(evaluated.Select(face => face.Index));

        var watch = Stopwatch.StartNew();
        var predictions = predictor.Predict(faces, options.Progress, cancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;

        var truth = faces.Samples.Select(face => Array.IndexOf(names, face.Label)).ToArray();
        EmotionPrediction[] restricted = [.. predictions.Select(prediction => prediction.RestrictTo(names))];
        var scores = restricted.SelectMany(prediction => prediction.Scores.Select(score => score.Score)).ToArray();
        var (duplicates, accuracy) = WithoutDuplicates(dataset, evaluated, names.Length, truth, scores);
        EmotionVotes[]? votes = faces.HasVotes ? [.. faces.Samples.Select(face => face.Votes!.Value)] : null;
        return new EmotionEvaluation(EmotionMetrics.Compute(names, truth, scores, votes))
        {
            Annotation = dataset.Annotation,
            Usages = usages,
            Faces = [.. faces.Samples.Zip(restricted, (face, prediction) => new EvaluatedFace(face, prediction))],
            Excluded = chosen.Length - faces.Count,
            DuplicatesInTraining = duplicates,
            AccuracyWithoutDuplicates = accuracy,
            ImagesPerSecond = faces.Count / seconds,
        };
    }

    private static (int?, double?) WithoutDuplicates(FerDataset dataset, FaceSample[] evaluated, int classes, int[] truth, float[] scores)
    {
        if (evaluated.Any(face => face.Usage == Usage.Training) || DuplicateAudit.Of(dataset).LeakedFromTraining() is not { } leaked)
            return (null, null);
        var kept = Enumerable.Range(0, evaluated.Length).Where(i => !leaked.Contains(evaluated[i].Index)).ToArray();
        var hits = kept.Count(i => TensorPrimitives.IndexOfMax<float>(scores.AsSpan(i * classes, classes)) == truth[i]);
        return (evaluated.Length - kept.Length, kept.Length > 0 ? (double)hits / kept.Length : null);
    }

    /// <summary>Formats the metrics, and the accuracy without duplicates of training images, as HTML for notebooks.</summary>
    public string ToHtml() => Metrics.ToHtml() + (AccuracyWithoutDuplicates is { } accuracy && DuplicatesInTraining > 0
        ? FormattableString.Invariant(
            $"<p>accuracy {accuracy:P1} without {DuplicatesInTraining:N0} faces that are also among the training faces</p>")
        : "");
}
