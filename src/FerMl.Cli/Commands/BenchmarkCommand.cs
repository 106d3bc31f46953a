using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark</c>: measures the speed of this machine.</summary>
internal static class BenchmarkCommand
{
    private const string None = "not measured: this processor has no bfloat16";

    public static Command Create(Terminal terminal)
    {
        var preset = new Option<string?>("--preset")
        {
            Description = $"The network, instead of the benchmark's own: {string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.",
            HelpName = "name",
        };
        var batch = new Option<int>("--batch-size")
        {
            Description = "Batch size.",
            DefaultValueFactory = _ => 96,
            HelpName = "n",
        }.Between(2, 4_096);
        var seconds = new Option<double>("--seconds")
        {
            Description = "About how long to measure.",
            DefaultValueFactory = _ => 60,
            HelpName = "s",
        }.Between(1, 3_600);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var training = new Command(
            "training", "Training steps: a plain TorchSharp loop, FerMl in float32, FerMl in bfloat16; and the machine's "
                + "fastest matrix products.")
        {
            preset, batch, seconds, json,
        };
        training.SetAction((parsed, cancellation) =>
        {
            // Without dropout, like the other networks it is compared with.
            var network = parsed.GetValue(preset) is { } name ? NetworkPreset.Find(name).Network(default) : ReferenceNetwork.Definition;
            var result = ProgressDisplay.Run(terminal, "measuring", progress => TrainingBenchmark.Run(
                network, parsed.GetValue(batch), parsed.GetValue(seconds), progress: progress, cancellation: cancellation));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                terminal.Output.Write(Table(result));
            return Task.FromResult(ExitCode.Ok);
        });
        return new Command("benchmark", "Benchmarks of speed, crops, detection, AutoML and hyperparameter search.")
        {
            training, BenchmarkPredictionCommand.Create(terminal), BenchmarkVisionCommand.Create(terminal),
                BenchmarkCropCommand.Create(terminal),
                BenchmarkDetectionCommand.Create(terminal), BenchmarkEmotionCommand.Create(terminal),
                BenchmarkAutoCommand.Create(terminal), BenchmarkExperimentsCommand.Create(terminal),
        };
    }

    internal static Table Table(TrainingBenchmarkResult result)
    {
        var table = new Table().Title($"{result.Network}, batches of {result.BatchSize}, {result.Threads} threads").AddColumn("")
            .AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        table.AddRow("plain TorchSharp loop", $"{result.PlainImagesPerSecond:N0} images/s");
        table.AddRow("FerMl, float32", $"{result.Float32ImagesPerSecond:N0} images/s");
        table.AddRow("FerMl, bfloat16", result.Bfloat16ImagesPerSecond is { } images ? $"{images:N0} images/s" : None);
        table.AddRow("speedup over plain", $"{result.Speedup:F2}");
        table.AddRow("matrix product, float32", $"{result.GemmPeakFloat32:N0} GFLOP/s");
        table.AddRow("matrix product, bfloat16", result.GemmPeakBFloat16 is { } peak ? $"{peak:N0} GFLOP/s" : None);
        if (result.PeakShare is { } share)
            table.AddRow("share of the bfloat16 peak", $"{share:P0}");
        foreach (var (threads, rate) in result.FeedFacesPerSecond)
            table.AddRow($"faces loaded by {threads} {(threads == 1 ? "thread" : "threads")}", $"{rate:N0} faces/s");
        table.AddRow("peak memory", $"{result.PeakMemoryMB:N0} MB");
        return table;
    }
}
