using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml embed</c>: writes embeddings of faces, for search, clustering and other tools.</summary>
internal static class EmbedCommand
{
    private static readonly string[] Endings = [".csv", ".jsonl"];

    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource(PretrainedModel.FerPlus);
        var output = new Option<string>("--out")
        {
            Description = "The file to write: .csv, a row for each image with its file and its vector, or .jsonl, an object per line.",
            Required = true,
            HelpName = "csv|jsonl",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var paths = new Argument<string[]>("images")
        {
            Description = "Images of one face each: files, folders or patterns with *, **, ? and [ab]; - reads names from standard input, "
                + "one per line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "embed", "Write the embedding of each face image: the input of the model's classifier.") { output, overwrite, paths };
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(output) is { } path && !Endings.Contains(Path.GetExtension(path).ToLowerInvariant()))
                result.AddError($"--out is {path}; it must end in .csv or .jsonl.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var failed = false;
            var file = parsed.GetRequiredValue(output);
            AtomicFile.CheckFree(file, parsed.GetValue(overwrite));
            using var predictor = model.Open(parsed);
            // Fail early for a model without embeddings, instead of for each image.
            var length = predictor.EmbeddingLength;
            var files = ImageFiles.Find(parsed.GetRequiredValue(paths), Complain, terminal.WriteLine);
            var vectors = new float[files.Count][];
            var done = 0;
            ProgressDisplay.Run(terminal, $"embedding {files.Count.Counted("face")}", progress =>
            {
                EmotionPredictor.InParallel(files.Count, i =>
                {
                    try
                    {
                        vectors[i] = predictor.Embed(files[i]);
                    }
                    catch (Exception e) when (e is FaceImageException or EmotionModelException)
                    {
                        Complain(e is EmotionModelException ? $"{files[i]}: {e.Message}" : e.Message);
                    }
                    progress.Report((double)Interlocked.Increment(ref done) / files.Count);
                }, cancellation);
                return done;
            });
            var rows = files.Zip(vectors).Where(row => row.Second is not null).ToArray();
            if (rows.Length == 0)
                return Task.FromResult(ExitCode.Failed);
            if (Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase))
                AtomicFile.WriteText(file, Csv.Of(
                    ["file", .. Enumerable.Range(0, length).Select(i => $"e{i}")],
                    rows.Select(row => (string[])[row.First, .. row.Second.Select(value => value.Invariant("R"))])),
                        parsed.GetValue(overwrite));
            else
                AtomicFile.WriteText(file, rows.Aggregate(new StringBuilder(), (text, row) => text.Append(JsonSerializer.Serialize(
                    new { file = row.First, embedding = row.Second }, FerMlJson.Line)).Append('\n')).ToString(),
                        parsed.GetValue(overwrite));
            terminal.WriteLine($"{rows.Length.Counted("embedding")} of {length} numbers.");
            terminal.Results.WriteLine(file);
            return Task.FromResult(failed ? ExitCode.Failed : ExitCode.Ok);

            void Complain(string message)
            {
                failed = true;
                terminal.WriteError(message);
            }
        });
        return command;
    }
}
