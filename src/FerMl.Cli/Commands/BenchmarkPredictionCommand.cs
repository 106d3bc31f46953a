using FerMl.Benchmarking;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark prediction</c>: the inference speed of models on this machine.</summary>
internal static class BenchmarkPredictionCommand
{
    public static Command Create(Terminal terminal)
    {
        var models = new Option<string[]>("--model")
        {
            Description = $"A model file or pretrained model ({string.Join(", ", PretrainedModels.Names)}); may be given several times "
                + "[default: all that are pretrained].",
            HelpName = "zip|name",
        };
        var data = new DataSource();
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds of each model and format.",
            DefaultValueFactory = _ => 5,
            HelpName = "n",
        }.Between(1, 1_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "prediction", "Single faces and many at once, by model and format (int8, float32); with --data also accuracy on PublicTest.")
        {
            models, rounds, json,
        };
        data.AddTo(command, isRequired: false);
        command.SetAction((parsed, cancellation) =>
        {
            var names = parsed.GetValue(models) is { Length: > 0 } given ? given : [.. PretrainedModels.Names];
            // Every training writes a model.zip: if file names clash, use the paths.
            var isEach = names.Select(Path.GetFileNameWithoutExtension).Distinct().Count() == names.Distinct().Count();
            var loaded = names.Distinct().ToDictionary(
                name => isEach ? Path.GetFileNameWithoutExtension(name) : name, ModelSource.Load);
            var faces = parsed.GetResult(data.Path) is null ? null
                : data.Open(parsed, terminal).Where(face => face.Usage == Usage.PublicTest);
            var result = PredictionBenchmark.Run(loaded, faces, parsed.GetValue(rounds), cancellation);
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                terminal.Output.Write(Table(result));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static Table Table(IReadOnlyDictionary<string, IReadOnlyDictionary<string, PredictionSpeed>> result)
    {
        var table = new Table().AddColumn("model").AddColumn("format");
        foreach (var column in (string[])["p50", "p95", "faces/s", "first", "accuracy"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (model, formats) in result)
            foreach (var (format, speed) in formats)
                table.AddRow(
                    Markup.Escape(model), format, Milliseconds(speed.P50Ms), Milliseconds(speed.P95Ms),
                    speed.FacesPerSecond.ToString("N0", CultureInfo.InvariantCulture), Milliseconds(speed.FirstPredictionMs),
                    speed.Accuracy?.ToString("P1", CultureInfo.InvariantCulture) ?? "");
        return table;

        static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:F2} ms");
    }
}
