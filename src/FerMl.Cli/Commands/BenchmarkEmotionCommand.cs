using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark emotion</c>: how well models classify faces detected in photographs.</summary>
internal static class BenchmarkEmotionCommand
{
    public static Command Create(Terminal terminal)
    {
        var faces = new FaceArguments();
        var data = new Option<string>("--data")
        {
            Description = $"Folder of photographs with {PhotoEmotions.FileName}: file, x, y, width, height, emotion (a label, several with "
                + $"a slash between them where each is right, or {PhotoEmotions.Slight} for a slight smile, which is counted separately).",
            HelpName = "folder",
            Required = true,
        };
        var models = new Option<string[]>("--model")
        {
            Description = "A model file, or a pretrained model; may be given several times [default: all that come with FerMl].",
            HelpName = "zip|name",
            DefaultValueFactory = _ => [.. PretrainedModels.Names],
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("emotion", "Accuracy of models on the faces detected in photographs, by emotion.")
        {
            data, models, json,
        };
        faces.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var opened = new List<(string Name, EmotionPredictor Predictor)>();
            try
            {
                foreach (var name in parsed.GetRequiredValue(models))
                    opened.Add((Path.GetFileNameWithoutExtension(name), ModelSource.Load(name).CreatePredictor()));
                var detectors = faces.Detectors(parsed);
                var (results, count) = ProgressDisplay.Run(terminal, "detecting faces", progress => PhotoEmotionStudy.Run(
                    parsed.GetRequiredValue(data), detectors,
                    [.. opened.Select(one => new PhotoEmotionModel(one.Name, one.Predictor.Labels, one.Predictor.Predict))],
                    progress: progress, cancellationToken: cancellation));
                if (parsed.GetValue(json))
                    terminal.Results.WriteLine(JsonSerializer.Serialize(
                        new { Faces = count, Models = results }, FerMlJson.Options));
                else
                    terminal.Output.Write(Table(results, count));
                return Task.FromResult(ExitCode.Ok);
            }
            finally
            {
                foreach (var (_, predictor) in opened)
                    predictor.Dispose();
            }
        });
        return command;
    }

    private static Table Table(IReadOnlyList<PhotoEmotionResult> results, int faces)
    {
        var table = new Table().Title($"correct / detected, of {faces.Counted("face")}").AddColumn("emotion");
        foreach (var result in results)
            table.AddColumn(new TableColumn(result.Model.Shown()).RightAligned());
        table.AddRow(["all", .. results.Select(result => $"{result.Right:N0}/{result.Found:N0}")]);
        table.AddRow(["95 % interval", .. results.Select(result => $"{result.Low:P0} to {result.High:P0}")]);
        foreach (var group in results.SelectMany(result => result.ByEmotion.Keys).Distinct())
            table.AddRow([group == PhotoEmotions.Slight ? "slight smiles, apart" : group.Shown(), .. results.Select(
                result => result.ByEmotion.TryGetValue(group, out var count) ? $"{count.Right:N0}/{count.Found:N0}" : "")]);
        return table;
    }
}
