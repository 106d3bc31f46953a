using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml predict</c>: classifies face images, or all faces in photos.</summary>
internal static class PredictCommand
{
    private const string Lines = "jsonl";

    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource(PretrainedModel.FerPlus);
        var faces = new FaceArguments();
        var find = new Option<bool>("--faces") { Description = "Detect the faces in each image first; otherwise an image is one face." };
        var draw = new Option<string?>("--draw")
        {
            Description = "With --faces: the .png file to draw the faces in, or a folder for those of several images.",
            HelpName = "png|folder",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace images that are there." };
        var format = new Option<string>("--format")
        {
            Description = "How to print: table, json, csv, or jsonl (a JSON object per line and image).",
            DefaultValueFactory = _ => "table",
        };
        format.AcceptOnlyFromAmong("table", "json", "csv", Lines);
        var output = new Option<string?>("--out")
        {
            Description = "Instead of printing, write a line of JSON to this file as soon as an image is processed; re-run to resume.",
            HelpName = "jsonl",
        };
        var shard = new Option<string?>("--shard")
        {
            Description = "Only a part of the images, such as 3/16, the third of sixteen: each image is always in the same part.",
            HelpName = "i/n",
        };
        var paths = new Argument<string[]>("images")
        {
            Description = "Image files, folders or patterns with *, **, ? and [ab], such as 'faces/*.png'; - reads names from standard "
                + "input, one per line. For a clip model: folders of frames, videos, and folders of those.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("predict", "Classify the emotion of each face image, or of all faces in photos.")
        {
            format, find, draw, overwrite, output, shard, paths,
        };
        faces.AddTo(command);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(find) && result.GetResult(draw) is not null)
                result.AddError("--draw needs --faces.");
            if (result.GetValue(shard) is { } part && !Shard.TryParse(part, out _))
                result.AddError($"--shard is {part}; it must be such as 3/16, from 1/16 to 16/16.");
            if (result.GetResult(output) is not null && result.GetResult(format) is { Implicit: false })
                result.AddError("--format is for what is printed; --out writes lines of JSON.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var failed = false;
            var loaded = model.Load(parsed);
            if (loaded.IsClipModel)
                return Task.FromResult(OfClips(loaded));
            using var predictor = loaded.CreatePredictor();
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths), Complain, terminal.WriteLine);
            if (Shard.TryParse(parsed.GetValue(shard), out var chosen))
                files = [.. files.Where(chosen.Has)];
            // With few photos, use several threads per photo; with many, one each.
            var threads = Math.Clamp(Environment.ProcessorCount / Math.Max(1, files.Count), 1, 64);
            using var photos = parsed.GetValue(find)
                ? new PhotoReader(faces.Detectors(parsed, forVideo: false, threads), predictor) : null;
            using var log = parsed.GetValue(output) is { } logPath
                ? PredictionLog.Open(logPath, model.NameOf(parsed), photos is not null) : null;
            if (log is { Done: > 0 })
                terminal.WriteLine($"{log.Path}: {log.Done.Counted("image")} done already.");
            if (log is not null)
                files = [.. files.Where(file => !log.Has(file))];
            var drawings = parsed.GetValue(draw) is { } place ? new Drawings(place, files, parsed.GetValue(overwrite)) : null;
            // One thread per image, on all processors. Messages keep the order of the files.
            var (done, results) = (0, new (Row[] Faces, string? Error)?[files.Count]);
            var (printing, printed, asLines) = (new Lock(), 0, log is null && parsed.GetValue(format) == Lines);
            var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
            try
            {
                ProgressDisplay.Run(terminal, $"predicting {files.Count.Counted("image")}", progress => Parallel.For(0, files.Count,
                    parallel, i =>
                {
                    var (rows, error) = Result(files[i]);
                    log?.Write(files[i], rows.Select(row => (row.Seen, row.Prediction)), error);
                    // Results in the log needn't stay in memory.
                    results[i] = (log is null ? rows : [], error);
                    if (asLines)
                        PrintLines();
                    progress.Report((double)Interlocked.Increment(ref done) / files.Count);
                }));
            }
            catch (AggregateException e)
            {
                // Unwrap a fatal error, such as an image that can't be written, so that it is reported like any other.
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
            foreach (var error in results.Select(result => result!.Value.Error).OfType<string>())
                Complain(error);
            if (log is not null)
            {
                terminal.Results.WriteLine(log.Path);
                return Task.FromResult(failed || log.HasErrors ? ExitCode.Failed : ExitCode.Ok);
            }
            if (asLines)
                return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);
            Row[] found = [.. results.SelectMany(result => result!.Value.Faces)];
            if (photos is not null)
                foreach (var file in files.Where((_, i) => results[i] is { Error: null, Faces: [] }))
                    terminal.WriteLine($"{file}: no face found; a lower --min-score or --min-face finds more.");
            if (photos is null && files.Where((_, i) => results[i]!.Value.Error is null).FirstOrDefault(IsLikePhoto) is { } large)
                terminal.WriteLine(
                    $"{large}: larger than images of one face usually are; if it shows more than a face, --faces finds the faces in it.");
            Print(found, predictor.Labels, parsed.GetRequiredValue(format), parsed.GetValue(find), terminal);
            return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);

            int OfClips(EmotionModel ofClips)
            {
                if (((Option[])[find, draw]).FirstOrDefault(
                    other => parsed.GetResult(other) is { Implicit: false }) is { } unknown)
                    throw new ValidationException($"{unknown.Name} is for models of single faces; leave it out for {ofClips.Name}.");
                var clips = ClipPredictions.Find(parsed.GetRequiredValue(paths));
                if (Shard.TryParse(parsed.GetValue(shard), out var part))
                    clips = [.. clips.Where(part.Has)];
                using var written = parsed.GetValue(output) is { } file
                    ? PredictionLog.Open(file, model.NameOf(parsed), ofPhotos: false) : null;
                if (written is { Done: > 0 })
                    terminal.WriteLine($"{written.Path}: {written.Done.Counted("clip")} done already.");
                var rows = new List<Row>();
                ClipPredictions.Run(ofClips, [.. clips.Where(clip => written?.Has(clip) != true)], faces.Detectors(parsed, forVideo: true),
                    (path, prediction, error) =>
                    {
                        (FaceResult?, EmotionPrediction)[] seen = prediction is null ? [] : [(null, prediction)];
                        if (error is not null)
                            Complain(error);
                        written?.Write(path, seen, error);
                        if (written is null && parsed.GetValue(format) == Lines)
                            terminal.Results.WriteLine(PredictionLog.Line(path, model.NameOf(parsed), ofPhotos: false, seen, error));
                        else if (written is null && prediction is not null)
                            rows.Add(new Row(path, null, prediction));
                    }, terminal, cancellation);
                if (written is not null)
                    terminal.Results.WriteLine(written.Path);
                else if (parsed.GetValue(format) != Lines)
                    Print([.. rows], ofClips.Labels, parsed.GetRequiredValue(format), hasBoxes: false, terminal);
                return failed || written is { HasErrors: true } ? ExitCode.Failed : ExitCode.Ok;
            }

            // Prints finished results in file order, each as soon as all earlier ones are printed.
            void PrintLines()
            {
                lock (printing)
                {
                    for (; printed < files.Count && results[printed] is var (rows, error); printed++)
                    {
                        terminal.Results.WriteLine(PredictionLog.Line(files[printed], model.NameOf(parsed), photos is not null,
                            rows.Select(row => (row.Seen, row.Prediction)), error));
                        results[printed] = ([], error);
                    }
                    terminal.Results.Flush();
                }
            }

            (Row[], string?) Result(string file)
            {
                try
                {
                    return (Read(file), null);
                }
                // An image that can't be scored doesn't stop the others.
                catch (Exception e) when (e is FaceImageException or VisionException or EmotionModelException)
                {
                    return ([], e is EmotionModelException ? $"{file}: {e.Message}" : e.Message);
                }
            }

            Row[] Read(string file) => photos is null
                ? [new Row(file, null, predictor.Predict(file))]
                // With a log, an existing image without a log line is left over from an interrupted run, so replace it.
                : [.. photos.Read(file, drawings?.PathOf(file), parsed.GetValue(overwrite) || log is not null)
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
    /// Whether an image has the size or shape of a photograph. Face crops for recognition have up to 256 pixels per side and are roughly
    /// square.
    /// </summary>
    private static bool IsLikePhoto(string file) =>
        ImageDecoder.TryReadSize(file) is var (width, height)
        && (Math.Min(width, height) > 256 || Math.Max(width, height) > Math.Max(96, 1.6 * Math.Min(width, height)));

    /// <summary>A result row.</summary>
    /// <param name="File">The image.</param>
    /// <param name="Seen">The face in it, if faces were detected.</param>
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
                            new
                            {
                                row.File,
                                Face = row.Seen!.Id,
                                row.Box,
                                FaceScore = row.Seen.Score,
                                row.Seen.Roll,
                                row.Prediction.Label,
                                row.Prediction.Confidence,
                                Scores = row.Prediction.ScoresByLabel()
                            }), FerMlJson.Options)
                    : JsonSerializer.Serialize(
                        found.Select(row => new
                        {
                            row.File,
                            row.Prediction.Label,
                            row.Prediction.Confidence,
                            Scores = row.Prediction.ScoresByLabel(),
                        }),
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
                        .AddColumn(new TableColumn("face score").RightAligned());
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

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);
}
