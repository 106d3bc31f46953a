using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml evaluate</c>: evaluates a model on labeled faces.</summary>
internal static class EvaluateCommand
{
    private const int MaxFullHeadings = 5, ShortHeading = 4;

    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var model = new ModelSource();
        var usage = new Option<string>("--usage")
        {
            Description = "The faces to evaluate: PublicTest, PrivateTest, Test (both of these) or Training.",
            DefaultValueFactory = _ => "PublicTest",
        };
        usage.AcceptOnlyFromAmong(UsageChoice.Names);
        var task = new Option<string?>("--task") { Description = "Score these labels only, such as three for a model of seven or eight." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var output = new Option<string?>("--out") { Description = "Folder to write evaluation.json to.", HelpName = "folder" };
        var predictions = new Option<string?>("--predictions")
        {
            Description = "CSV to write: one row per face with label, predicted label, scores and votes, the worst mistakes first; and "
                + "next to it, as .svg, a contact sheet of the worst.",
            HelpName = "csv",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var robustness = new Option<bool>("--robustness")
        {
            Description = "Measure accuracy on faces that are darker, tilted, blurred, covered and so on, at growing strength; with "
                + "--out also robustness.json and robustness.svg.",
        };
        var limit = new Option<int?>("--limit")
        {
            Description = "With --robustness: maximum number of faces, stratified by label.",
            HelpName = "n",
        }.AtLeast(1);
        var command = new Command("evaluate", "Evaluate a model on labeled faces.")
        {
            usage, task, json, output, predictions, overwrite, robustness, limit,
        };
        data.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(robustness) && result.GetResult(task) is not null)
                result.AddError("--robustness measures a model's own labels; leave out --task.");
            if (result.GetValue(robustness) && result.GetResult(predictions) is not null)
                result.AddError("--predictions is for unchanged faces; leave out --robustness.");
            if (result.GetValue(predictions) is { } table
                && EvaluatedFaces.SheetPath(table).Equals(table, StringComparison.OrdinalIgnoreCase))
                result.AddError("--predictions names a table, such as predictions.csv; the .svg next to it is the contact sheet.");
            if (!result.GetValue(robustness) && result.GetResult(limit) is not null)
                result.AddError("--limit needs --robustness.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var emotions = parsed.GetValue(task) is { } text ? EmotionTask.Parse(text) : null;
            var loaded = model.Load(parsed);
            if (loaded.IsClipModel)
                return Task.FromResult(OfClips(loaded));
            using var predictor = loaded.CreatePredictor();
            var dataset = data.OpenFor(parsed, loaded.Labels, terminal);
            var usages = UsageChoice.Of(parsed, usage, dataset, terminal);
            if (parsed.GetValue(predictions) is { } place)
                foreach (var file in (string[])[place, EvaluatedFaces.SheetPath(place)])
                    AtomicFile.CheckFree(file, parsed.GetValue(overwrite));
            var scored = emotions?.Labels.AsEnumerable() ?? predictor.Labels;
            var count = dataset.Samples.Count(face => usages.Contains(face.Usage) && scored.Contains(face.Label));
            if (count > 0 && LabelCoverage.OfEvaluation(dataset, scored, [.. usages]) is { } missing)
                terminal.WriteLine(missing);
            if (parsed.GetValue(robustness))
                return Task.FromResult(MeasureRobustness());
            var evaluation = ProgressDisplay.Run(
                terminal, $"evaluating {count.Counted("face")}", progress => EmotionEvaluation.Run(predictor, dataset,
                new EvaluationOptions
                {
                    Usages = usages,
                    Task = emotions,
                    Progress = new FractionProgress(progress, count),
                }, cancellation));

            if (evaluation.Excluded > 0)
                terminal.WriteLine($"{evaluation.Excluded:N0} of {(evaluation.Excluded + count).Counted("face")} left out: they have none "
                    + $"of the labels {string.Join(", ", evaluation.Metrics.Labels)}.");
            if (parsed.GetValue(predictions) is { } table)
                EvaluatedFaces.Write(
                    table, evaluation, $"{model.NameOf(parsed)} on {string.Join(" and ", usages)} of {dataset.Source}",
                    parsed.GetValue(overwrite));
            if (parsed.GetValue(output) is { } folder)
                AtomicFile.WriteText(Path.Combine(folder, "evaluation.json"), evaluation.ToJson() + "\n", parsed.GetValue(overwrite));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(evaluation.ToJson());
            else
                PrintTables(evaluation, terminal);
            return Task.FromResult(ExitCode.Ok);

            int OfClips(EmotionModel ofClips)
            {
                if ((Option[])[task, robustness, output, predictions] is var others
                    && others.FirstOrDefault(other => parsed.GetResult(other) is { Implicit: false }) is { } unknown)
                    throw new ValidationException($"{unknown.Name} is for models of single faces; leave it out for {ofClips.Name}.");
                using var clipPredictor = ClipPredictor.Of(ofClips);
                var clips = ClipSource.Open(data, parsed, clipPredictor.Frames, terminal, cancellation);
                var parts = UsageChoice.Of(parsed, usage, clips, terminal);
                var tested = clips.Where(clip => parts.Contains(clip.Usage));
                var chosen = tested.Where(clip => clipPredictor.Labels.Contains(clip.Emotion.ToLabel()));
                if (chosen.Clips.Count < tested.Clips.Count)
                    terminal.WriteLine(
                        $"{tested.Clips.Count - chosen.Clips.Count:N0} of {tested.Clips.Count.Counted("clip")} left out: they have "
                            + $"none of the labels {string.Join(", ", clipPredictor.Labels)}.");
                var result = ProgressDisplay.Run(terminal, $"evaluating {chosen.Clips.Count.Counted("clip")}", progress =>
                    ClipEvaluation.Run(
                    clipPredictor, chosen, new FractionProgress(progress, chosen.Clips.Count), cancellation));
                if (parsed.GetValue(json))
                    terminal.Results.WriteLine(result.ToJson());
                else
                    SequenceArguments.Print(result, terminal);
                return ExitCode.Ok;
            }

            int MeasureRobustness()
            {
                var place = parsed.GetValue(output);
                if (place is not null)
                    foreach (var file in (string[])[RobustnessOutput.JsonPath(place), RobustnessOutput.ChartPath(place)])
                        AtomicFile.CheckFree(file, parsed.GetValue(overwrite));
                var faces = dataset.Where(face => usages.Contains(face.Usage));
                if (parsed.GetValue(limit) is { } count)
                    faces = faces.Limit(count);
                var curves = ProgressDisplay.Run(
                    terminal, $"evaluating {faces.Count.Counted("face")}, each corrupted in {Enum.GetValues<Corruption>().Length} ways",
                    progress => RobustnessStudy.Run(predictor, faces, progress, cancellation));
                if (place is not null)
                    RobustnessOutput.Write(
                        place, parsed.GetValue(overwrite), curves,
                        $"{model.NameOf(parsed)}, {faces.Count.Counted("face")} of {string.Join(" and ", usages)}");
                if (parsed.GetValue(json))
                    terminal.Results.WriteLine(RobustnessOutput.ToJson(curves));
                else
                    terminal.Output.Write(RobustnessOutput.TableOf(curves));
                return ExitCode.Ok;
            }
        });
        return command;
    }

    private static void PrintTables(EmotionEvaluation evaluation, Terminal terminal)
    {
        var metrics = evaluation.Metrics;
        var figures = new Table().HideHeaders().AddColumn("figure").AddColumn(new TableColumn("value").RightAligned())
            .AddRow("faces", $"{metrics.Count:N0}")
            .AddRow("labels", evaluation.Annotation == Annotation.FerPlus ? "majority of FER+ votes" : "the data set's own");
        foreach (var figure in metrics.Figures)
            figures.AddRow(figure.Name, figure.Text);
        if (evaluation is { AccuracyWithoutDuplicates: { } accuracy, DuplicatesInTraining: > 0 })
            figures.AddRow($"accuracy without {evaluation.DuplicatesInTraining:N0} duplicates of training faces", $"{accuracy:P1}");
        foreach (var figure in metrics.Votes?.Figures ?? [])
            figures.AddRow(figure.Name, figure.Text);
        figures.AddRow("images/s", $"{evaluation.ImagesPerSecond:N0}");
        terminal.Output.Write(figures);

        var classes = new Table().AddColumn("label");
        foreach (var figure in (ReadOnlySpan<string>)["precision", "recall", "F1", "faces"])
            classes.AddColumn(new TableColumn(figure).RightAligned());
        foreach (var c in metrics.PerClass)
            classes.AddRow(c.Label.Shown(), $"{c.Precision:F3}", $"{c.Recall:F3}", $"{c.F1:F3}", $"{c.Support:N0}");
        terminal.Output.Write(classes);

        // With more than five labels, only short column headings fit into 80 characters; the rows have the full names.
        var longest = metrics.Labels.Length > MaxFullHeadings ? ShortHeading : int.MaxValue;
        var confusion = new Table().Title("rows: true label; columns: predicted label").AddColumn("");
        foreach (var label in metrics.Labels)
            confusion.AddColumn(new TableColumn(label[..Math.Min(longest, label.Length)].Shown()).RightAligned());
        foreach (var (i, label) in metrics.Labels.Index())
            confusion.AddRow([label.Shown(), .. metrics.Confusion[i].Select(n => $"{n:N0}")]);
        terminal.Output.Write(confusion);
    }
}
