using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark vision</c>: the processing speed of videos, or a soak test of memory use.</summary>
internal static class BenchmarkVisionCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource(PretrainedModel.FerPlusFast);
        var data = new DataSource();
        var detection = new FaceArguments(forVideo: true);
        var frames = new Option<int>("--frames")
        {
            Description = "Frames of each measurement.",
            DefaultValueFactory = _ => 600,
            HelpName = "n",
        }.Between(2, 100_000);
        var soak = new Option<double?>("--soak")
        {
            Description = "Instead, read a video repeatedly for so many minutes, and record memory.",
            HelpName = "minutes",
        }.Between(0.001, 10_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "vision", "Videos of 640x480 with one and with five faces (drawn ones, without --data): frames per second and latency, without "
                + "a window.") { frames, soak, json };
        data.AddTo(command, isRequired: false);
        model.AddTo(command);
        detection.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            using var predictor = model.Open(parsed);
            var dataset = data.OpenOrDraw(parsed, terminal);
            var faces = ProgressDisplay.Run(
                terminal, "detecting faces",
                progress => VideoFaces.Choose(dataset, 5, detection.Detectors(parsed), progress));
            if (parsed.GetValue(soak) is { } minutes)
            {
                var memory = ProgressDisplay.Run(
                    terminal, $"reading a video for {minutes} minutes",
                    progress => VisionSoak.Run(
                        predictor, faces, TimeSpan.FromMinutes(minutes), detection.Detectors(parsed), progress, cancellation));
                if (parsed.GetValue(json))
                    terminal.Results.WriteLine(JsonSerializer.Serialize(memory, FerMlJson.Options));
                else
                    terminal.Output.Write(Table(memory));
                return Task.FromResult(ExitCode.Ok);
            }
            var result = ProgressDisplay.Run(
                terminal, "reading videos",
                progress => VisionBenchmark.Run(
                    predictor, model.NameOf(parsed), faces, parsed.GetValue(frames), detection.Detectors(parsed), progress, cancellation));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
            {
                terminal.Output.Write(Table(result));
                terminal.Output.Write(Table(result.Paced));
            }
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static Table Table(IReadOnlyList<VisionBenchmarkPace> paces)
    {
        var table = new Table().Title("at a camera's frame rate, detection in each frame");
        foreach (var name in (ReadOnlySpan<string>)["faces", "frames/s", "latency p50 ms", "p95 ms", "p99 ms", "dropped", "CPUs"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var pace in paces)
            table.AddRow($"{pace.Faces}", $"{pace.FramesPerSecond}", $"{pace.AgeMsP50:F1}", $"{pace.AgeMsP95:F1}", $"{pace.AgeMsP99:F1}",
                $"{pace.Dropped:N0}", $"{pace.Processors:F2}");
        return table;
    }

    private static Table Table(VisionBenchmarkResult result)
    {
        var table = new Table().Title($"640x480, {result.Model}").AddColumn("faces").AddColumn("detection in");
        foreach (var name in (ReadOnlySpan<string>)[
            "seen", "frames/s", "p50 ms", "p95 ms", "p99 ms", .. result.Stages.Keys.Select(stage => $"{stage} ms")])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var run in result.Runs)
            table.AddRow([
                $"{run.Faces}", run.DetectEvery == 1 ? "each" : $"every {run.DetectEvery}rd", $"{run.FacesSeen:F2}",
                $"{run.FramesPerSecond:F0}",
                $"{run.LatencyMsP50:F1}", $"{run.LatencyMsP95:F1}", $"{run.LatencyMsP99:F1}",
                .. run.Stages.Values.Select(stage => $"{stage.P50:F1}")]);
        return table;
    }

    private static Table Table(VisionSoakResult result)
    {
        var table = new Table().Title($"{result.Frames.Counted("frame")} in {result.Minutes:F1} minutes")
            .AddColumn(new TableColumn("minute").RightAligned()).AddColumn(new TableColumn("memory, MB").RightAligned());
        foreach (var (minute, megabytes) in result.Memory)
            table.AddRow($"{minute:F1}", $"{megabytes:F0}");
        return table;
    }
}
