using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark detection</c>: recall and false positives of a face detector on photographs.</summary>
internal static class BenchmarkDetectionCommand
{
    public static Command Create(Terminal terminal)
    {
        var faces = new FaceArguments();
        var data = new Option<string>("--data")
        {
            Description = $"Folder of photographs with {PhotoTruth.FileName}: file, x, y, width, height; optionally kind (face, "
                + "unsure, none), roll, yaw.",
            HelpName = "folder",
            Required = true,
        };
        var draw = new Option<string?>("--draw")
        {
            Description = "Folder to draw the photographs in: hits green, misses yellow, false positives red. Drawings there are replaced.",
            HelpName = "folder",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "detection", "A face detector's recall in photographs, by size and pose, and its false positives.")
        {
            data, draw, json,
        };
        faces.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var result = ProgressDisplay.Run(terminal, "detecting faces", progress => DetectionStudy.Run(
                parsed.GetRequiredValue(data), faces.Detectors(parsed), parsed.GetValue(draw), progress, cancellation));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                terminal.Output.Write(Table(result));
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static Table Table(DetectionResult result)
    {
        var table = new Table()
            .Title($"{result.Photos.Counted("photograph")}, {result.FalsePositives:N0} false positives, {result.CpuMsPerPhoto:N1} ms each")
            .AddColumn("faces").AddColumn(new TableColumn("found").RightAligned()).AddColumn(new TableColumn("of").RightAligned())
            .AddColumn(new TableColumn("recall").RightAligned());
        Add("outside crowds", result.OutsideCrowds);
        foreach (var (name, recall) in result.BySize)
            Add($"{name} pixels", recall);
        foreach (var (name, recall) in result.ByPose)
            Add(name, recall);
        foreach (var (name, recall) in result.ByKind)
            Add($"in {name.Shown()} photographs", recall);
        return table;

        void Add(string name, DetectionRecall recall) =>
            table.AddRow(name, $"{recall.Found:N0}", $"{recall.Faces:N0}", recall.Faces > 0 ? $"{recall.Recall:P1}" : "");
    }
}
