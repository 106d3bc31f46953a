using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml predict</c>: the emotion of each face image.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<string>("--model") { Description = "The model file.", Required = true, HelpName = "zip" };
        var format = new Option<string>("--format") { Description = "How to print: table, json or csv.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var paths = new Argument<string[]>("images") { Description = "Image files, folders or patterns such as 'faces/*.png'; one face in each image.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Name the emotion of each face image.") { model, format, paths };
        command.SetAction((parsed, cancellation) =>
        {
            using var predictor = EmotionPredictor.Load(parsed.GetRequiredValue(model));
            var found = new List<(string File, EmotionPrediction Prediction)>();
            var failed = false;
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths), Complain);
            Work.Run(terminal, $"predicting {files.Count:N0} images", progress =>
            {
                for (var i = 0; i < files.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        found.Add((files[i], predictor.Predict(files[i])));
                    }
                    catch (FaceImageException e)
                    {
                        Complain(e.Message);
                    }
                    progress.Report((i + 1.0) / files.Count);
                }
                return 0;
            });
            Print(found, predictor.Labels, parsed.GetRequiredValue(format), terminal);
            return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);

            void Complain(string message)
            {
                failed = true;
                terminal.Complain(message);
            }
        });
        return command;
    }

    private static void Print(List<(string File, EmotionPrediction Prediction)> found, IReadOnlyList<string> labels, string format, Terminal terminal)
    {
        switch (format)
        {
            case "json":
                terminal.Results.WriteLine(JsonSerializer.Serialize(found.Select(row => new
                {
                    row.File,
                    row.Prediction.Label,
                    row.Prediction.Confidence,
                    Scores = row.Prediction.Scores.ToDictionary(score => score.Label, score => score.Score),
                }), FerMlJson.Options));
                break;
            case "csv":
                terminal.Results.WriteLine(string.Join(',', (string[])["file", "label", "confidence", .. labels.Select(Quoted)]));
                foreach (var (file, prediction) in found)
                    terminal.Results.WriteLine(string.Join(',', (string[])[Quoted(file), Quoted(prediction.Label), $"{prediction.Confidence:R}", .. prediction.Scores.Select(score => $"{score.Score:R}")]));
                break;
            default:
                var table = new Table().AddColumn("image").AddColumn("emotion").AddColumn(new TableColumn("confidence").RightAligned());
                foreach (var (file, prediction) in found)
                    table.AddRow(file.EscapeMarkup(), prediction.Label.EscapeMarkup(), $"{prediction.Confidence:P1}");
                if (found.Count > 0)
                    terminal.Output.Write(table);
                break;
        }
    }

    // RFC 4180, 2: fields with commas, quotes or line breaks stand in quotes, and a quote in them is doubled.
    private static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
