using System.CommandLine;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml predict</c>: the emotion of each face image, or of all faces in photos.</summary>
internal static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var faces = new FaceArguments();
        var find = new Option<bool>("--faces") { Description = "Find the faces in each image first; else an image is one face." };
        var draw = new Option<string?>("--draw")
        {
            Description = "With --faces: the .png file to draw the faces in, or a folder for those of several images.",
            HelpName = "png|folder",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace images that are there." };
        var format = new Option<string>("--format")
        {
            Description = "How to print: table, json or csv.",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var paths = new Argument<string[]>("images")
        {
            Description = "Image files, folders or patterns with *, **, ? and [ab], such as 'faces/*.png'.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("predict", "Name the emotion of each face image, or of all faces in photos.")
        {
            format, find, draw, overwrite, paths,
        };
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
            using var photos = parsed.GetValue(find) ? new PhotoReader(faces.Detectors(parsed), predictor) : null;
            var failed = false;
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths), Complain, terminal.WriteLine);
            var drawings = parsed.GetValue(draw) is { } place ? new Drawings(place, files, parsed.GetValue(overwrite)) : null;
            // Each image on one thread, on all processors; what is said of them comes in their order.
            var (done, results) = (0, new (Row[] Faces, string? Error)[files.Count]);
            var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
            try
            {
                ProgressDisplay.Run(terminal, $"predicting {files.Count:N0} images", progress => Parallel.For(0, files.Count, parallel, i =>
                {
                    results[i] = Result(files[i]);
                    progress.Report((double)Interlocked.Increment(ref done) / files.Count);
                }));
            }
            catch (AggregateException e)
            {
                // What ends the work, such as a drawing that can't be written, is said as if it had come alone.
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
            foreach (var error in results.Select(result => result.Error).OfType<string>())
                Complain(error);
            Row[] found = [.. results.SelectMany(result => result.Faces)];
            if (photos is not null)
                foreach (var file in files.Where((_, i) => results[i] is { Error: null, Faces: [] }))
                    terminal.WriteLine($"{file}: no face found; a lower --min-score or --min-face finds more.");
            if (photos is null && files.Where((_, i) => results[i].Error is null).FirstOrDefault(IsLikePhoto) is { } large)
                terminal.WriteLine(
                    $"{large}: larger than images of one face usually are; if it shows more than a face, --faces finds the faces in it.");
            Print(found, predictor.Labels, parsed.GetRequiredValue(format), parsed.GetValue(find), terminal);
            return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);

            (Row[], string?) Result(string file)
            {
                try
                {
                    return (Read(file), null);
                }
                catch (Exception e) when (e is FaceImageException or VisionException)
                {
                    return ([], e.Message);
                }
            }

            Row[] Read(string file) => photos is null
                ? [new Row(file, null, predictor.Predict(file))]
                : [.. photos.Read(file, drawings?.PathOf(file), parsed.GetValue(overwrite))
                    .Select(face => new Row(file, face, face.Prediction))];

            void Complain(string message)
            {
                failed = true;
                terminal.WriteError(message);
            }
        });
        return command;
    }

    /// <summary>
    /// Whether an image has the size or shape of a photograph: faces cut out for recognition have up to 256 pixels a side, and are
    /// about square.
    /// </summary>
    private static bool IsLikePhoto(string file) =>
        ImageDecoder.TryReadSize(file) is var (width, height)
        && (Math.Min(width, height) > 256 || Math.Max(width, height) > Math.Max(96, 1.6 * Math.Min(width, height)));

    /// <summary>A row of the result.</summary>
    /// <param name="File">The image.</param>
    /// <param name="Seen">The face in it, where faces were looked for.</param>
    /// <param name="Prediction">Its emotion.</param>
    private sealed record Row(string File, FaceResult? Seen, EmotionPrediction Prediction)
    {
        public IReadOnlyList<int>? Box => Seen is { Box: var box } ? [box.X, box.Y, box.Width, box.Height] : null;
    }

    private static void Print(Row[] found, IReadOnlyList<string> labels, string format, bool hasBoxes, Terminal terminal)
    {
        switch (format)
        {
            case "json":
                terminal.Results.WriteLine(hasBoxes
                    ? JsonSerializer.Serialize(
                        found.Select(row =>
                            new { row.File, Face = row.Seen!.Id, row.Box, FaceScore = row.Seen.Score, row.Seen.Roll, row.Prediction.Label,
                                row.Prediction.Confidence, Scores = Scores(row) }), FerMlJson.Options)
                    : JsonSerializer.Serialize(
                        found.Select(row => new { row.File, row.Prediction.Label, row.Prediction.Confidence, Scores = Scores(row) }),
                        FerMlJson.Options));
                break;
            case "csv":
                terminal.Results.Write(
                    Csv.Of(["file", .. hasBoxes ? (string[])["face", "x", "y", "width", "height", "face_score", "roll"] : [], "label",
                        "confidence", .. labels],
                        found.Select(row => (string[])[
                    row.File, .. hasBoxes ? [Text(row.Seen!.Id), .. row.Box!.Select(Text), Text(row.Seen.Score), Text(row.Seen.Roll)]
                        : (string[])[],
                    row.Prediction.Label, Text(row.Prediction.Confidence), .. row.Prediction.Scores.Select(score => Text(score.Score))])));
                break;
            default:
                var table = new Table().AddColumn("image");
                if (hasBoxes)
                    table.AddColumn(new TableColumn("face").RightAligned()).AddColumn("x, y, width, height")
                        .AddColumn(new TableColumn("is a face").RightAligned());
                table.AddColumn("emotion").AddColumn(new TableColumn("confidence").RightAligned());
                foreach (var row in found)
                    table.AddRow([row.File.Shown(), .. hasBoxes ? (string[])[Text(row.Seen!.Id), string.Join(", ", row.Box!),
                        $"{row.Seen.Score:P0}"] : [],
                        row.Prediction.Label.Shown(), $"{row.Prediction.Confidence:P1}"]);
                if (found.Length > 0)
                    terminal.Output.Write(table);
                break;
        }
    }

    private static Dictionary<string, float> Scores(Row row) =>
        row.Prediction.Scores.ToDictionary(score => score.Label, score => score.Score);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);
}
