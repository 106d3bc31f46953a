
namespace FerMl.Reporting;

/// <summary>A report about a model: its metadata, training and metrics.</summary>
public sealed record ModelReport
{
    private const int ShownFaces = 21;

    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model card, or null where it has none.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>Training curves as SVG.</summary>
    public IReadOnlyList<string> Curves { get; init; } = [];

    /// <summary>The evaluation, or null where there is none.</summary>
    public EmotionEvaluation? Evaluation { get; init; }

    /// <summary>The evaluation data as readable text, such as "PublicTest of fer2013.zip".</summary>
    public string EvaluatedOn { get; init; } = "";

    /// <summary>Random faces of the evaluation data, with the model's predictions.</summary>
    public IReadOnlyList<FaceTile> Faces { get; init; } = [];

    /// <summary>Further charts as SVG, such as the model's robustness.</summary>
    public IReadOnlyList<string> Charts { get; init; } = [];

    /// <summary>The command that created the report, or null.</summary>
    public string? Command { get; init; }

    /// <summary>Creates the page as HTML.</summary>
    public string ToHtml()
    {
        var page = new HtmlPage(
            $"FerMl: {Name}", Card is null ? null : Say($"{Card.Network}, {Card.Labels.Count.Counted("label")}: ")
                + Say($"{string.Join(", ", Card.Labels)}"));
        if (Evaluation is not null)
            AddEvaluation(page, Evaluation);
        if (Curves.Count > 0)
            page.Heading("Training").Charts(Curves);
        if (Card is not null)
            AddCard(page, Card);
        if (Command is not null)
            page.Heading("How this page was made").Paragraph(Command, isNote: true);
        return page.ToHtml();
    }

    private void AddEvaluation(HtmlPage page, EmotionEvaluation evaluation)
    {
        var metrics = evaluation.Metrics;
        page.KeyFigures(metrics.Figures.Select(figure => (figure.Text, figure.Name)));
        if (metrics.Votes is { } votes)
            page.KeyFigures(votes.Figures.Select(figure => (figure.Text, figure.Name)));
        page.Paragraph(
            Say($"Measured on {EvaluatedOn}, {metrics.Count.Counted("face")}, labels of ")
            + (evaluation.Annotation == Annotation.FerPlus ? "FER+ (majority of votes)." : "the data set itself.")
            + (evaluation.AccuracyWithoutDuplicates is { } clean
            ? Say($" {evaluation.DuplicatesInTraining:N0} of these faces are also in Training, pixel for pixel; without them accuracy is "
                + $"{Percent(clean)}.") : ""), isNote: true);
        page.Heading("By label").Charts(MetricsCharts.Of(metrics));
        if (Charts.Count > 0)
            page.Heading("Robustness").Charts(Charts);
        if (Faces.Count > 0)
            page.Heading("Faces drawn at random")
                .Charts(FaceGrid.ToSvg("true label above, predicted label below", [.. Faces.Take(ShownFaces)]));
    }

    private static void AddCard(HtmlPage page, ModelCard card)
    {
        page.Heading("The model").Table(["", ""], Rows(card));
        if (card.Options is { } options)
            page.Heading("Training options")
                .Table(["option", "value"], options.Where(option => option.Value is not null)
                    .Select(option => (IReadOnlyList<string>)[option.Key, option.Value!.ToJsonString()]));
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ModelCard card)
    {
        yield return ["created", Say($"{card.Created:yyyy-MM-dd}")];
        yield return ["parameters", Say($"{card.Parameters:N0}")];
        yield return ["MACs per view of a face", Say($"{card.MultiplyAdds:N0}")];
        if (card.Members.Count == 0)
            yield return ["test-time augmentation", card.TestTimeAugmentation];
        if (card.Calibration is { } calibration)
            yield return ["temperature", Say($"{calibration.Temperature:F3}")];
        if (card.Quantization is { } quantization)
            yield return ["convolutions", Say($"int8, ranges measured on {quantization.Faces.Counted("face")}")];
        if (card.InitializedFrom is { } earlier)
            yield return ["initialized from", earlier];
        if (card.Teachers.Count > 0)
            yield return ["teachers", string.Join(", ", card.Teachers)];
        foreach (var member in Networks(card))
            yield return ["member",
                Say($"{member.Network}, {member.Parameters.Counted("parameter")}, test-time augmentation: {member.TestTimeAugmentation}")];
        if (card.Data is { } data)
            yield return ["data", Say($"{data.Source}, {data.Count.Counted("face")}, fingerprint "
                + $"{data.Fingerprint[..Math.Min(16, data.Fingerprint.Length)]}")];
        if (card.Data?.Annotation is { } annotation)
            yield return ["annotation", annotation];
        if (card.Training is { } training)
            yield return ["epochs", Say($"{training.Epochs}, the weights of epoch {training.BestEpoch} kept")];
    }

    /// <summary>The networks of an ensemble, including nested ensembles; none for a single model.</summary>
    private static IEnumerable<ModelCard> Networks(ModelCard card) =>
        card.Members.SelectMany(member => member.Members.Count == 0 ? [member] : Networks(member));

    private static string Percent(double share) => Say($"{share * 100:F1} %");

    private static string Say(InvariantText text) => text.ToString();
}
