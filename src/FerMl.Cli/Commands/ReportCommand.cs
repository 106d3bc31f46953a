using System.CommandLine;
using FerMl.Experiments;
using FerMl.Reporting;
using FerMl.Training;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml report</c>: an HTML report of a training run, model or study.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("what")
        {
            Description = "The folder of a training run, a model file, one of the pretrained models, or a study's database "
                + "(.db, or a connection string of PostgreSQL).",
        };
        var study = new Option<string>("--name") { Description = "The study's name in the database.", DefaultValueFactory = _ => "study" };
        var data = new DataSource();
        var output = new Option<string>("--out") { Description = "The page to write.", Required = true, HelpName = "html" };
        var usage = new Option<string>("--usage")
        {
            Description = "The faces to measure it on: PublicTest, PrivateTest, Test (both of these) or Training.",
            DefaultValueFactory = _ => "PublicTest",
        };
        usage.AcceptOnlyFromAmong(UsageChoice.Names);
        var faces = new Option<int>("--faces")
        {
            Description = "How many faces to show.",
            DefaultValueFactory = _ => 21,
            HelpName = "n",
        }.Between(0, 21);
        var robustness = new Option<int>("--robustness")
        {
            Description = "Also measure its robustness, on so many faces; 0 for none.",
            HelpName = "n",
        }.AtLeast(0);
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command(
            "report", "Write a page about a training run or a model: card, curves, and with --data an evaluation; or about a study.")
        {
            what, output, study, usage, faces, robustness, overwrite,
        };
        data.AddTo(command, isRequired: false);
        command.SetAction((parsed, cancellation) =>
        {
            var (path, page) = (parsed.GetRequiredValue(what), parsed.GetRequiredValue(output));
            AtomicFile.CheckFree(page, parsed.GetValue(overwrite));
            if (IsStudy(path))
            {
                AtomicFile.WriteText(
                    page, StudyReport.ToHtml(StudyStore.Open(path, create: false), parsed.GetRequiredValue(study)),
                    parsed.GetValue(overwrite));
                terminal.Results.WriteLine(page);
                return Task.FromResult(ExitCode.Ok);
            }
            var isRun = Directory.Exists(path);
            var model = ModelSource.Load(isRun ? Path.Combine(path, "model.zip") : path);
            var name = isRun ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))
                : Path.GetFileNameWithoutExtension(path);
            var report = new ModelReport
            {
                Name = name,
                Card = model.Card,
                Curves = isRun ? Curves(name, path) : [],
                Command = $"ferml {string.Join(' ', parsed.Tokens.Select(token => token.Value))}",
            };
            if (parsed.GetResult(data.Path) is not null)
            {
                var dataset = data.OpenFor(parsed, model.Labels, terminal);
                report = Measure(report, model, dataset, UsageChoice.Of(parsed, usage, dataset, terminal),
                    (parsed.GetValue(faces), parsed.GetValue(robustness)), terminal, cancellation);
            }
            AtomicFile.WriteText(page, report.ToHtml(), parsed.GetValue(overwrite));
            terminal.Results.WriteLine(page);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    /// <summary>Whether a path is a study's database.</summary>
    private static bool IsStudy(string path) =>
        path.Contains("Host=", StringComparison.OrdinalIgnoreCase) || path.StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
        || (File.Exists(path) && Path.GetExtension(path).Equals(".db", StringComparison.OrdinalIgnoreCase));

    private static ModelReport Measure(
        ModelReport report, EmotionModel model, FerDataset dataset, Usage[] usages, (int Faces, int Robustness) counts,
        Terminal terminal, CancellationToken cancellation)
    {
        using var predictor = model.CreatePredictor();
        var measured = dataset.Where(face => usages.Contains(face.Usage) && predictor.Labels.Contains(face.Label));
        var evaluation = ProgressDisplay.Run(
            terminal, $"evaluating {measured.Count.Counted("face")}", progress => EmotionEvaluation.Run(predictor, dataset,
            new EvaluationOptions { Usages = usages, Progress = new FractionProgress(progress, measured.Count) }, cancellation));
        var shown = counts.Faces == 0 ? null : measured.Limit(counts.Faces);
        var curves = counts.Robustness == 0 ? null
            : ProgressDisplay.Run(
                terminal, "evaluating corrupted faces",
                progress => RobustnessStudy.Run(predictor, measured.Limit(counts.Robustness), progress, cancellation));
        return report with
        {
            Evaluation = evaluation,
            EvaluatedOn = $"{string.Join(" and ", usages)} of {dataset.Source}",
            Faces = shown is null ? []
            : [.. shown.Samples.Zip(
                predictor.Predict(shown, cancellationToken: cancellation), (face, prediction) => new FaceTile(face, prediction))],
            Charts = curves is null ? []
            : [RobustnessChart.ToSvg(curves, $"{report.Name}, {measured.Limit(counts.Robustness).Count.Counted("face")}")],
        };
    }

    private static string[] Curves(string name, string folder)
    {
        var history = TrainingRun.ReadHistory(folder);
        if (history.Count == 0)
            return [];
        var (accuracy, loss) = TrainingCurves.Draw(name, history);
        return [accuracy, loss];
    }
}
