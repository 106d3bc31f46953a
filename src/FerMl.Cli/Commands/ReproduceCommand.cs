using System.CommandLine;
using System.Text.Json;
using FerMl.Reporting;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml reproduce</c>: the paper's experiments, with the figures that it left open.</summary>
internal static class ReproduceCommand
{
    private const int ShownFaces = 21;

    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var output = new Option<string>("--out") { Description = "Folder for the trainings, the figures and the report; given again, an interrupted reproduction goes on.", Required = true, HelpName = "folder" };
        var only = new Option<string[]>("--experiment") { Description = $"One of {string.Join(", ", PaperExperiment.All.Select(e => e.Name))}; may be given several times. All, where it isn't given.", HelpName = "name", DefaultValueFactory = _ => [] };
        only.AcceptOnlyFromAmong([.. PaperExperiment.All.Select(e => e.Name)]);
        var epochs = new Option<int?>("--epochs") { Description = "The most epochs of each, instead of the paper's 100.", HelpName = "n" };
        var limit = new Option<int?>("--limit") { Description = "The most training faces, drawn with the labels in proportion.", HelpName = "n" };
        var seed = new Option<int>("--seed") { Description = "Seed of all that is drawn at random.", HelpName = "n" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Begin anew instead of going on." };
        var command = new Command("reproduce", "Do the paper's experiments again, and report accuracy and loss on training, validation and test faces.") { output, only, epochs, limit, seed, overwrite };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(limit) < 1)
                throw new ArgumentException($"--limit is {parsed.GetValue(limit)}; it must be at least 1.");
            if (parsed.GetValue(epochs) is < 1 or > 10_000)
                throw new ArgumentException($"--epochs is {parsed.GetValue(epochs)}; it must be between 1 and 10000.");
            var folder = parsed.GetRequiredValue(output);
            var names = parsed.GetRequiredValue(only);
            var dataset = data.Open(parsed, terminal);
            foreach (var experiment in PaperExperiment.All.Where(experiment => names.Length == 0 || names.Contains(experiment.Name)))
            {
                terminal.Say($"{experiment.Title} ({experiment.Name})");
                var training = experiment.Options with { Seed = parsed.GetValue(seed), CancellationToken = cancellation, Epochs = Math.Min(parsed.GetValue(epochs) ?? int.MaxValue, experiment.Options.Epochs) };
                var run = Path.Combine(folder, experiment.Name);
                var result = TrainingProgress.Show(terminal, training, options => PaperReproduction.Run(experiment, new TrainingRunOptions
                {
                    Dataset = dataset,
                    Training = options,
                    Limit = parsed.GetValue(limit),
                    OutputFolder = run,
                    Overwrite = parsed.GetValue(overwrite),
                }));
                Write(Path.Combine(run, "result.json"), JsonSerializer.Serialize(result, FerMlJson.Options) + "\n");
                Draw(experiment, result, run, dataset, cancellation);
            }

            // What earlier calls did in this folder is in the report too.
            var results = PaperExperiment.All.Select(experiment => Path.Combine(folder, experiment.Name, "result.json")).Where(File.Exists)
                .Select(path => JsonSerializer.Deserialize<ExperimentResult>(File.ReadAllBytes(path), FerMlJson.Options)!).ToArray();
            var report = Path.Combine(folder, "reproduction.md");
            Write(report, ReproductionReport.ToMarkdown(results, dataset.Source));
            terminal.Say($"report: {report}");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Draw(PaperExperiment experiment, ExperimentResult result, string folder, FerDataset dataset, CancellationToken cancellation)
    {
        if (result.History.Count == 0)
            return;
        var (accuracy, loss) = TrainingCurves.Draw(experiment.Title, result.History, (experiment.ClaimedAccuracy, experiment.ClaimedLoss));
        Write(Path.Combine(folder, "accuracy.svg"), accuracy);
        Write(Path.Combine(folder, "loss.svg"), loss);
        if (result.Failure is not null)
            return;
        using var predictor = EmotionPredictor.Load(Path.Combine(folder, "model.zip"));
        var faces = dataset.Where(face => face.Usage == Usage.PublicTest && experiment.Task.Contains(face.Emotion)).Limit(ShownFaces, result.Seed);
        var predictions = predictor.Predict(faces, cancellationToken: cancellation);
        Write(Path.Combine(folder, "faces.svg"), FaceGrid.ToSvg($"{experiment.Title}: faces of PublicTest", [.. faces.Samples.Zip(predictions, (face, prediction) => new FaceTile(face, prediction))]));
    }

    private static void Write(string path, string text) => AtomicFile.WriteText(path, text, overwrite: true);
}
