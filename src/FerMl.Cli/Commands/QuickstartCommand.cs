using System.CommandLine;
using System.Diagnostics;
using FerMl.Reporting;
using FerMl.Training;
using Microsoft.ML;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml quickstart</c>: the complete path from data to prediction on synthetic faces, with explanations.</summary>
internal static class QuickstartCommand
{
    private const int ShownFaces = 14;

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out")
        {
            Description = "Folder for the model and the image; an earlier quick start in it is replaced.",
            DefaultValueFactory = _ => "ferml-quickstart",
            HelpName = "folder",
        };
        var command = new Command(
            "quickstart", "Draw faces, train a small model, evaluate, save, load and predict, in about half a minute.") { output };
        command.SetAction((parsed, cancellation) =>
        {
            Run(parsed.GetRequiredValue(output), terminal, cancellation);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Run(string folder, Terminal terminal, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        terminal.WriteLine("1. Data: drawing faces with seven expressions, since FER2013 itself can't be shipped.");
        var dataset = SyntheticFaces.Create();
        terminal.WriteLine($"   {dataset.Count.Counted("face")}, 48x48 gray: {CountOf(dataset, Usage.Training):N0} to train on, "
            + $"{CountOf(dataset, Usage.PublicTest):N0} + {CountOf(dataset, Usage.PrivateTest):N0} to test with.");

        terminal.WriteLine("2. Training: a small CNN-BiLSTM (preset 'tiny'); a fifth of the training faces is held out to choose the "
            + "best epoch by.");
        var run = TrainingProgress.Show(terminal, NetworkPreset.Tiny.Defaults with
        {
            Execution = new() { CancellationToken = cancellation },
        }, options => TrainingRun.Execute(
            new TrainingRunOptions
            {
                Dataset = dataset,
                Preset = NetworkPreset.Tiny,
                Training = options,
                OutputFolder = folder,
                Overwrite = true,
            }));

        terminal.WriteLine($"3. Model: saved as {run.ModelPath}, an ordinary ML.NET model file "
            + $"({new FileInfo(run.ModelPath).Length / 1024:N0} KB).");
        terminal.WriteLine("4. Evaluation: on PublicTest faces, which the training has not seen.");
        using var predictor = EmotionPredictor.Load(run.ModelPath);
        var metrics = EmotionEvaluation.Run(predictor, dataset, cancellationToken: cancellation).Metrics;
        terminal.WriteLine($"   accuracy {metrics.Accuracy:P1} (95 % interval {metrics.AccuracyLow:P1} to {metrics.AccuracyHigh:P1}), "
            + $"macro-F1 {metrics.MacroF1:F3}.");

        terminal.WriteLine("5. Prediction: the file opened in a fresh MLContext, as any .NET program that references FerMl can.");
        var faces = dataset.Where(face => face.Usage == Usage.PrivateTest).Limit(ShownFaces);
        PredictWithMlNet(run.ModelPath, faces, terminal);

        var image = Path.Combine(folder, "faces.svg");
        var predictions = predictor.Predict(faces, cancellationToken: cancellation);
        var svg = FaceGrid.ToSvg(
            "Synthetic faces: true and predicted emotion",
            [.. faces.Samples.Zip(predictions, (face, prediction) => new FaceTile(face, prediction))]);
        AtomicFile.WriteText(image, svg, overwrite: true);
        terminal.WriteLine($"6. Image: {image} shows the same faces. Done in {watch.Elapsed.TotalSeconds:F0} s.");
        var face = Path.Combine(folder, "face.png");
        AtomicFile.Write(face, stream => stream.Write(FaceImageEncoder.Png(faces[0].Pixels)), overwrite: true);
        terminal.WriteLine($"   Next: ferml predict {face}; ferml train --data <fer2013.csv> --out <folder>");
    }

    private static void PredictWithMlNet(string modelPath, FerDataset faces, Terminal terminal)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelPath, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<FaceImage, ScoredFace>(model);
        var table = new Table().AddColumn("face").AddColumn("true").AddColumn("predicted")
            .AddColumn(new TableColumn("score").RightAligned());
        foreach (var face in mlContext.Data.CreateEnumerable<FaceImage>(mlContext.Data.LoadFromFerDataset(faces), reuseRowObject: false))
        {
            using var image = face.Image;
            var scored = engine.Predict(face);
            table.AddRow(face.Id!, face.Label!, scored.PredictedLabel, $"{scored.Score.Max():P1}");
        }
        terminal.Output.Write(table);
    }

    private static int CountOf(FerDataset dataset, Usage usage) => dataset.Samples.Count(face => face.Usage == usage);
}
