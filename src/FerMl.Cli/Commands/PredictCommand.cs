using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml predict</c>: the emotion of each face image, or of all faces in photographs.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var faces = new FaceArguments();
        var find = new Option<bool>("--faces") { Description = "Find the faces in each image first; else an image is one face." };
        var draw = new Option<string?>("--draw") { Description = "With --faces: the .png file to draw the faces in, or a folder for those of several images.", HelpName = "png|folder" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace pictures that are there." };
        var format = new Option<string>("--format") { Description = "How to print: table, json or csv.", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var paths = new Argument<string[]>("images") { Description = "Image files, folders or patterns such as 'faces/*.png'.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Name the emotion of each face image, or of all faces in photographs.") { format, find, draw, overwrite, paths };
        faces.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(find) && result.GetResult(draw) is not null)
                result.AddError("--draw needs --faces.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            using var predictor = model.Open(parsed);
            using var photographs = parsed.GetValue(find) ? new PhotographFaces(faces.Options(parsed), predictor) : null;
            var found = new List<FoundFace>();
            var failed = false;
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths), Complain);
            var drawings = parsed.GetValue(draw) is { } place ? new Drawings(place, files, parsed.GetValue(overwrite)) : null;
            Work.Run(terminal, $"predicting {files.Count:N0} images", progress =>
            {
                for (var i = 0; i < files.Count; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        if (photographs is null)
                            found.Add(new FoundFace(files[i], null, predictor.Predict(files[i])));
                        else
                            found.AddRange(photographs.Find(files[i], drawings?.PathOf(files[i]), parsed.GetValue(overwrite)).Select(face => new FoundFace(files[i], face, face.Prediction)));
                    }
                    catch (Exception e) when (e is FaceImageException or VisionException)
                    {
                        Complain(e.Message);
                    }
                    progress.Report((i + 1.0) / files.Count);
                }
                return 0;
            });
            if (photographs is not null)
                foreach (var file in files.Except(found.Select(face => face.File)))
                    terminal.Say($"{file}: no face found; --min-face looks for smaller ones.");
            Print(found, predictor.Labels, parsed.GetRequiredValue(format), parsed.GetValue(find), terminal);
            return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);

            void Complain(string message)
            {
                failed = true;
                terminal.Complain(message);
            }
        });
        return command;
    }

    /// <summary>A row of the result.</summary>
    /// <param name="File">The image.</param>
    /// <param name="Seen">The face in it, where faces were looked for.</param>
    /// <param name="Prediction">Its emotion.</param>
    private sealed record FoundFace(string File, SeenFace? Seen, EmotionPrediction Prediction)
    {
        public IReadOnlyList<int>? Box => Seen is { Box: var box } ? [box.X, box.Y, box.Width, box.Height] : null;
    }

    private static void Print(List<FoundFace> found, IReadOnlyList<string> labels, string format, bool hasBoxes, Terminal terminal)
    {
        switch (format)
        {
            case "json":
                terminal.Results.WriteLine(hasBoxes
                    ? JsonSerializer.Serialize(found.Select(row => new { row.File, Face = row.Seen!.Id, row.Box, row.Prediction.Label, row.Prediction.Confidence, Scores = Scores(row) }), FerMlJson.Options)
                    : JsonSerializer.Serialize(found.Select(row => new { row.File, row.Prediction.Label, row.Prediction.Confidence, Scores = Scores(row) }), FerMlJson.Options));
                break;
            case "csv":
                terminal.Results.WriteLine(Csv.Row(["file", .. hasBoxes ? (string[])["face", "x", "y", "width", "height"] : [], "label", "confidence", .. labels]));
                foreach (var row in found)
                    terminal.Results.WriteLine(Csv.Row([
                        row.File, .. hasBoxes ? [Text(row.Seen!.Id), .. row.Box!.Select(Text)] : (string[])[],
                        row.Prediction.Label, $"{row.Prediction.Confidence:R}", .. row.Prediction.Scores.Select(score => $"{score.Score:R}")]));
                break;
            default:
                var table = new Table().AddColumn("image");
                if (hasBoxes)
                    table.AddColumn(new TableColumn("face").RightAligned()).AddColumn("x, y, width, height");
                table.AddColumn("emotion").AddColumn(new TableColumn("confidence").RightAligned());
                foreach (var row in found)
                    table.AddRow([row.File.EscapeMarkup(), .. hasBoxes ? (string[])[Text(row.Seen!.Id), string.Join(", ", row.Box!)] : [], row.Prediction.Label.EscapeMarkup(), $"{row.Prediction.Confidence:P1}"]);
                if (found.Count > 0)
                    terminal.Output.Write(table);
                break;
        }
    }

    private static Dictionary<string, float> Scores(FoundFace row) => row.Prediction.Scores.ToDictionary(score => score.Label, score => score.Score);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
