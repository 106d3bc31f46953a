using System.CommandLine;
using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark crop</c>: how faces are best cut out about the detector's box.</summary>
internal static class BenchmarkCropCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var data = new DataSource();
        var detection = new FaceArguments();
        var limit = new Option<int>("--limit")
        {
            Description = "The most training faces to try.",
            DefaultValueFactory = _ => 2_000,
            HelpName = "n",
        }.AtLeast(1);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "crop", "Put training faces into larger images, find them, and see how they are best cut out again.") { limit, json };
        data.AddTo(command);
        model.AddTo(command);
        detection.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            using var predictor = model.Open(parsed);
            var faces = data.Open(parsed, terminal).Where(face => face.Usage == Usage.Training).Limit(parsed.GetValue(limit), 0);
            var result = ProgressDisplay.Run(
                terminal, $"finding {faces.Count:N0} faces",
                progress => CropStudy.Run(predictor, faces, detection.Detectors(parsed), progress, cancellation));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                Print(result, terminal);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Print(CropResult result, Terminal terminal)
    {
        terminal.Results.WriteLine(
            $"{result.Found:N0} of {result.Faces:N0} faces found. FER2013's square is {result.Scale:F3} times as wide as the detector's "
                + $"box, its center {result.OffsetY:F3} of the box lower (medians).");
        var table = new Table().AddColumn("crop, scale").AddColumn("offset y").AddColumn(new TableColumn("accuracy").RightAligned());
        table.AddRow("as in FER2013", "", $"{result.AccuracyUncut:P1}");
        foreach (var cut in result.Cuts)
            table.AddRow($"{cut.Crop.Scale:F2}", $"{cut.Crop.OffsetY:F3}", $"{cut.Accuracy:P1}");
        terminal.Output.Write(table);
    }
}
