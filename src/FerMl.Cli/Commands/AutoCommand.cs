using System.CommandLine;
using System.Diagnostics;
using FerMl.Experiments;
using Microsoft.ML;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml auto</c>: finds the best model for labeled faces within a few minutes.</summary>
internal static class AutoCommand
{
    private static readonly string[] Kinds = ["as-is", "head", "lbfgs", "sdca", "lightgbm", "fasttree", "fine-tune", "scratch"];

    private const double TestShare = 0.2;
    private const int MinForTest = 200, ShownRows = 10;

    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var task = new Option<string?>("--task")
        {
            Description = "The labels: seven, eight, three, or a list such as happy,sad [default: those that the data has].",
        };
        var minutes = new Option<double>("--minutes")
        {
            Description = "The time, in minutes.",
            DefaultValueFactory = _ => 10,
            HelpName = "n",
        }.Between(0.05, 10_000);
        var output = new Option<string>("--out")
        {
            Description = "The model file to write; a page about the search is written next to it, as .html.",
            Required = true,
            HelpName = "zip",
        };
        var study = new Option<string?>("--study")
        {
            Description = "Where the search is kept: a folder, or a PostgreSQL database (Host=...;Database=...) that several machines "
                + "share, together with the folder of --out; the same command resumes it [default: the model's name and -study].",
            HelpName = "folder|database",
        };
        var pipelines = new Option<string?>("--pipelines")
        {
            Description = $"The pipelines to compare, such as head,lbfgs: {string.Join(", ", Kinds)}.",
            HelpName = "name,...",
        };
        var trials = new Option<int>("--trials")
        {
            Description = "Maximum number of trials.",
            DefaultValueFactory = _ => 200,
            HelpName = "n",
        }.Between(1, 10_000);
        var metric = new Option<StudyMetric>("--metric")
        {
            Description = "The metric to optimize.",
            DefaultValueFactory = _ => StudyMetric.LogLoss,
        }.Choices();
        var limit = new Option<int?>("--limit")
        {
            Description = "Maximum number of training faces, stratified by label.",
            HelpName = "n",
        }.AtLeast(1);
        var seed = new Option<int>("--seed") { Description = "Random seed.", HelpName = "n" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the model and the page if they are there." };
        var command = new Command(
            "auto", "Find the best model for labeled faces: compares classifiers on embeddings, fine-tuned networks and networks from "
                + "scratch, and writes the model of the best. Labels needn't be emotions.")
        {
            output, minutes, task, study, trials, pipelines, metric, limit, seed, overwrite,
        };
        data.AddTo(command);
        command.Validators.Add(result =>
        {
            foreach (var name in NamesOf(result.GetValue(pipelines)).Except(Kinds))
                result.AddError($"--pipelines: there is no '{name}'; there are {string.Join(", ", Kinds)}.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var watch = Stopwatch.StartNew();
            var model = parsed.GetRequiredValue(output);
            var page = Path.ChangeExtension(model, ".html");
            foreach (var file in (string[])[model, page])
                AtomicFile.CheckFree(file, parsed.GetValue(overwrite));
            var dataset = Open(parsed, data, terminal);
            var labels = TaskOf(parsed.GetValue(task), dataset);
            var (faces, test) = Split(dataset, labels, parsed.GetValue(limit), parsed.GetValue(seed), terminal);
            var survey = DataSurvey.Of(faces, labels);
            foreach (var sentence in survey.Sentences())
                terminal.WriteLine(sentence);
            var folder = Path.Combine(
                Path.GetDirectoryName(Path.GetFullPath(model))!, $"{Path.GetFileNameWithoutExtension(model)}-study");
            var database = parsed.GetValue(study) ?? folder;
            if (!StudyAddress.IsServer(database))
                (folder, database) = (database, Path.Combine(database, "study.db"));
            var names = NamesOf(parsed.GetValue(pipelines));
            if (!TreePipeline.HasLightGbm && (names.Length == 0 || names.Contains("lightgbm")))
                terminal.WriteLine("LightGBM is left out: its native library can't be loaded; on Linux install libgomp1.");
            EmotionPipeline[] compared = [.. EmotionPipeline.Suited(faces.Count, labels.Labels)
                .Where(pipeline => names.Length == 0 || names.Contains(pipeline.Name.Split('(')[0]))];
            if (compared.Length == 0)
                throw new FerDataException(
                    $"{dataset.Source}: none of the pipelines {string.Join(", ", names)} suits these faces; leave out --pipelines.");

            var mlContext = new MLContext(parsed.GetValue(seed));
            var time = TimeSpan.FromMinutes(parsed.GetValue(minutes));
            var result = await new EmotionExperiment(mlContext).SetDataset(faces).SetTask(labels).SetPipelines(compared)
                .SetMetric(parsed.GetValue(metric)).SetMaxTime(time).SetMaxTrials(parsed.GetValue(trials)).SetSeed(parsed.GetValue(seed))
                .SetStudy(database, "auto").SetMonitor(new Lines(terminal, watch, time, parsed.GetValue(metric)))
                .RunAsync(folder, cancellation).ConfigureAwait(false);
            (result.BestModel as IDisposable)?.Dispose();
            var board = result.Leaderboard!;
            if (board.Rows[0].Trial != result.Best.Number)
                terminal.WriteLine(
                    $"{board.Rows[0].Pipeline} was better, but takes long to fit to all faces; the same command resumes and fits it.");
            EmotionEvaluation? evaluation = null;
            if (test is not null && !cancellation.IsCancellationRequested)
            {
                using var predictor = EmotionPredictor.Load(result.BestModelPath);
                evaluation = EmotionEvaluation.Run(
                    predictor, test, new EvaluationOptions { Usages = Enum.GetValues<Usage>() }, CancellationToken.None);
            }
            var report = new AutoReport
            {
                Study = result,
                Survey = survey,
                Source = dataset.Source,
                Evaluation = evaluation,
                EvaluatedOn = test is null ? "" : $"{test.Count.Counted("face")} of {dataset.Source} that the study never saw",
                Command = $"ferml {string.Join(' ', parsed.Tokens.Select(token => token.Value))}",
            };
            Print(board, terminal);
            foreach (var sentence in AutoReport.Reasons(result))
                terminal.WriteLine(sentence);
            terminal.WriteLine(evaluation is { Metrics: var metrics }
                ? $"On {metrics.Count.Counted("face")} that the study never saw: {metrics.Accuracy:P1} ({metrics.AccuracyLow:P1} to "
                    + $"{metrics.AccuracyHigh:P1})."
                : "No faces were kept for a test; the figures are those by which the model was chosen.");
            using (var best = new FileStream(result.BestModelPath, FileMode.Open, FileAccess.Read, FileShare.Read))
                AtomicFile.Write(model, best.CopyTo, parsed.GetValue(overwrite));
            AtomicFile.WriteText(page, report.ToHtml(), parsed.GetValue(overwrite));
            terminal.Results.WriteLine(model);
            terminal.Results.WriteLine(page);
            return cancellation.IsCancellationRequested ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Opens the data. A folder without any subfolder named after an emotion has custom labels.</summary>
    private static FerDataset Open(ParseResult parsed, DataSource data, Terminal terminal)
    {
        var reading = data.Reading(parsed);
        var path = parsed.GetRequiredValue(data.Path);
        if (!reading.CustomLabels && reading.Labels.Count == 0 && reading.Annotation == Annotation.Fer2013 && reading.VotesPath is null
            && Directory.Exists(path) && ImageFolderReader.HasOnlyCustomLabels(path))
        {
            terminal.WriteLine($"{path}: no folder is named after an emotion; the folders' names are used as labels (--custom-labels).");
            reading = reading with { CustomLabels = true };
        }
        return data.Open(parsed, reading, terminal);
    }

    private static EmotionTask TaskOf(string? text, FerDataset dataset)
    {
        var present = dataset.Labels.Where(label => dataset.CountOf(Usage.Training, label) > 0).ToArray();
        if (present.Length < 2)
            throw new FerDataException(
                $"{dataset.Source}: "
                    + (present.Length == 0 ? "has no training faces" : $"all training faces have the label '{present[0]}'")
                    + "; give faces of two or more labels, each in a folder of its own.");
        if (text is null)
            return EmotionTask.OfLabels(present);
        var task = dataset.HasCustomLabels
            ? EmotionTask.OfLabels(text.Split(',', StringSplitOptions.TrimEntries)) : EmotionTask.Parse(text);
        return task.Labels.FirstOrDefault(label => !present.Contains(label)) is not { } missing ? task : throw new FerDataException(
            $"{dataset.Source}: no training face has the label '{missing}'; those that occur are {string.Join(", ", present)}.");
    }

    /// <summary>
    /// The faces to search with and, if there are enough, to test with: the data's own test split, or a fifth held out.
    /// </summary>
    private static (FerDataset Faces, FerDataset? Test) Split(
        FerDataset dataset, EmotionTask task, int? limit, int seed, Terminal terminal)
    {
        var faces = dataset.Where(face => face.Usage == Usage.Training && task.Contains(face.Label));
        if (limit is { } count)
            faces = faces.Limit(count, seed);
        foreach (var usage in (Usage[])[Usage.PublicTest, Usage.PrivateTest])
            if (task.Labels.All(label => dataset.CountOf(usage, label) > 0))
            {
                terminal.WriteLine($"{dataset.Source}: its {usage} faces are used for the test only.");
                return (faces, dataset.Where(face => face.Usage == usage && task.Contains(face.Label)));
            }
        if (faces.Count < MinForTest)
            return (faces, null);
        var split = faces.StratifiedSplit(TestShare, seed);
        var test = split.Where(face => face.Usage == Usage.PublicTest);
        terminal.WriteLine($"A fifth of the faces ({test.Count:N0}) is held out for the test.");
        return (split.Where(face => face.Usage == Usage.Training), test);
    }

    private static string[] NamesOf(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static void Print(Leaderboard board, Terminal terminal)
    {
        var table = new Table().Title($"{board.Rows.Count.Counted("trial")}; {board.ScoredOn}").AddColumn("pipeline")
            .AddColumn(new TableColumn("accuracy").RightAligned()).AddColumn(new TableColumn("log-loss").RightAligned())
            .AddColumn(new TableColumn("seconds").RightAligned()).AddColumn("options");
        foreach (var row in board.Rows.DistinctBy(row => row.Pipeline).Take(ShownRows))
            table.AddRow(row.Pipeline.Shown(), $"{row.Accuracy:P1}", $"{row.LogLoss:F3}", $"{row.Seconds:F1}",
                row.Options.ToString().Shown());
        terminal.Output.Write(table);
    }

    /// <summary>Prints each new best score, the first result of each pipeline, and failures.</summary>
    private sealed class Lines(Terminal terminal, Stopwatch watch, TimeSpan time, StudyMetric metric) : IProgress<Trial>
    {
        private readonly HashSet<string> _seen = [];
        private double _best = double.NegativeInfinity;

        public void Report(Trial value)
        {
            var pipeline = value.Configuration.Values["Pipeline"];
            var isBest = value.Score > _best;
            if (!_seen.Add(pipeline) && !isBest && value.State != TrialState.Failed)
                return;
            if (isBest)
                _best = value.Score!.Value;
            terminal.WriteLine(
                $"{watch.Elapsed.TotalSeconds,4:F0} of {time.TotalSeconds:F0} s  trial {value.Number}, {pipeline}: "
                    + (value.State == TrialState.Failed ? $"failed: {value.Error}"
                        : $"{Text(value.Score!.Value)}{(isBest ? ", new best" : "")}"));
        }

        private string Text(double score) => metric switch
        {
            StudyMetric.LogLoss => $"log-loss {-score:F4}",
            StudyMetric.MacroF1 => $"macro-F1 {score:F3}",
            _ => $"accuracy {score:P1}",
        };
    }
}
