using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark crop</c>: finds the best way to crop faces around the detector's box.</summary>
internal static class BenchmarkCropCommand
{
    private static readonly double[] Scales = [0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.25, 1.4, 1.6];

    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var data = new DataSource();
        var detection = new FaceArguments();
        var limit = new Option<int>("--limit")
        {
            Description = "Maximum number of training faces to try.",
            DefaultValueFactory = _ => 2_000,
            HelpName = "n",
        }.AtLeast(1);
        var photos = new Option<string?>("--photos")
        {
            Description = $"Instead of training faces: a folder of photographs with {PhotoEmotions.FileName}, see benchmark emotion.",
            HelpName = "folder",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "crop", "Accuracy by the size and offset of the crop around the detector's box.")
        {
            limit, photos, json,
        };
        data.AddTo(command, isRequired: false);
        model.AddTo(command);
        detection.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(data.Path) is null) == (result.GetResult(photos) is null))
                result.AddError("Give --data, training faces, or --photos, a folder of photographs.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            using var predictor = model.Open(parsed);
            if (parsed.GetValue(photos) is { } folder)
            {
                var crops = ProgressDisplay.Run(terminal, "detecting faces", progress => PhotoEmotionStudy.Crops(
                    folder, detection.Detectors(parsed), new PhotoEmotionModel(model.NameOf(parsed), predictor.Labels, predictor.Predict),
                    Scales, progress, cancellation));
                if (parsed.GetValue(json))
                    terminal.Results.WriteLine(JsonSerializer.Serialize(
                        crops.Zip(Scales, (result, scale) => new { scale, result.Right, result.Found, result.ByEmotion }),
                        FerMlJson.Options));
                else
                    terminal.Output.Write(Table(crops));
                return Task.FromResult(ExitCode.Ok);
            }
            var faces = data.Open(parsed, terminal).Where(face => face.Usage == Usage.Training).Limit(parsed.GetValue(limit), 0);
            var result = ProgressDisplay.Run(
                terminal, $"detecting {faces.Count.Counted("face")}",
                progress => CropStudy.Run(predictor, faces, detection.Detectors(parsed), progress, cancellation));
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                Print(result, terminal);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static Table Table(IReadOnlyList<PhotoEmotionResult> crops)
    {
        var table = new Table().AddColumn("crop, scale").AddColumn(new TableColumn("correct / detected").RightAligned())
            .AddColumn(new TableColumn(Emotion.Neutral.ToLabel()).RightAligned());
        foreach (var (result, scale) in crops.Zip(Scales))
            table.AddRow($"{scale:F2}", $"{result.Right:N0}/{result.Found:N0}",
                result.ByEmotion.TryGetValue(Emotion.Neutral.ToLabel(), out var neutral) ? $"{neutral.Right:N0}/{neutral.Found:N0}" : "");
        return table;
    }

    private static void Print(CropResult result, Terminal terminal)
    {
        terminal.Results.WriteLine(
            $"{result.Found:N0} of {result.Faces.Counted("face")} detected. FER2013's square is {result.Scale:F3} times as wide as "
                + $"the detector's box, its center {result.OffsetY:F3} of the box lower (medians).");
        var table = new Table().AddColumn("crop, scale").AddColumn("offset y").AddColumn(new TableColumn("accuracy").RightAligned());
        table.AddRow("as in FER2013", "", $"{result.AccuracyUncut:P1}");
        foreach (var cut in result.Cuts)
            table.AddRow($"{cut.Crop.Scale:F2}", $"{cut.Crop.OffsetY:F3}", $"{cut.Accuracy:P1}");
        terminal.Output.Write(table);
    }
}
