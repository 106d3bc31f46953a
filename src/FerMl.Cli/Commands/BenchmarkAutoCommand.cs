using FerMl.Benchmarking;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml benchmark auto</c>: the accuracy of a pipeline search with few faces and little time.</summary>
internal static class BenchmarkAutoCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var faces = new Option<string>("--faces")
        {
            Description = "Numbers of training faces.",
            DefaultValueFactory = _ => "50,200,1000,5000",
            HelpName = "n,...",
        };
        var minutes = new Option<string>("--minutes")
        {
            Description = "Time budgets in minutes, increasing; the best model after each is tested.",
            DefaultValueFactory = _ => "1,5,20",
            HelpName = "n,...",
        };
        var seed = new Option<int>("--seed") { Description = "Random seed.", HelpName = "n" };
        var mouths = new Option<int>("--mouths")
        {
            Description = "Also search on so many drawn faces with open or shut mouths; 0 for none.",
            DefaultValueFactory = _ => 100,
            HelpName = "n",
        }.Between(0, 10_000);
        var tiny = new Option<bool>("--tiny") { Description = "Also search the training options of 'tiny', for the longest budget." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "auto", "What 'ferml auto' finds from few faces of FER2013's Training, tested on its PublicTest.")
        {
            faces, minutes, seed, mouths, tiny, json,
        };
        data.AddTo(command, isRequired: false);
        command.Validators.Add(result =>
        {
            if (result.GetValue(faces) is { } many
                && (Numbers(many) is not { } counts || counts.Any(count => count is < 20 or > 100_000 || count % 1 != 0)))
                result.AddError("--faces must be integers from 20 to 100000, such as 50,200.");
            if (result.GetValue(minutes) is { } ends && (Numbers(ends) is not { } times || times[0] <= 0
                || times.Zip(times.Skip(1)).Any(pair => pair.First >= pair.Second)))
                result.AddError("--minutes must be above 0 and increase, such as 1,5,20.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var results = new List<AutoBenchmarkResult>();
            var (times, start) = (Numbers(parsed.GetValue(minutes))!, parsed.GetValue(seed));
            if (parsed.GetValue(data.Path) is not null)
            {
                var dataset = data.Open(parsed, terminal);
                foreach (var count in Numbers(parsed.GetValue(faces))!)
                    await AutoBenchmark.Run(dataset, (int)count, times, start, parsed.GetValue(tiny), Report, cancellation)
                        .ConfigureAwait(false);
            }
            if (parsed.GetValue(mouths) is > 0 and var drawn)
                await AutoBenchmark.RunMouths(drawn, times, start, Report, cancellation).ConfigureAwait(false);
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(results, FerMlJson.Options));
            else
                terminal.Output.Write(TableOf(results));
            return ExitCode.Ok;

            void Report(AutoBenchmarkResult result)
            {
                results.Add(result);
                terminal.WriteLine(
                    $"{result.Data}, {result.Faces.Counted("face")}, {result.Minutes} min: {result.Accuracy:P1} ({result.Pipeline}, "
                        + $"{result.Trials} trials)");
            }
        });
        return command;
    }

    /// <summary>Parses a list of numbers; null if one is invalid.</summary>
    private static double[]? Numbers(string? text)
    {
        var parts = text?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        return numbers.Length > 0 ? numbers : null;
    }

    internal static Table TableOf(IEnumerable<AutoBenchmarkResult> results)
    {
        var table = new Table().AddColumn("labels").AddColumn(new TableColumn("faces").RightAligned())
            .AddColumn(new TableColumn("min").RightAligned()).AddColumn("best")
            .AddColumn(new TableColumn("accuracy (95 %)").RightAligned()).AddColumn(new TableColumn("ECE").RightAligned());
        foreach (var row in results)
            table.AddRow(
                row.Data.Shown(), $"{row.Faces}", $"{row.Minutes}", row.Pipeline.Shown(),
                $"{row.Accuracy:P1} ({row.AccuracyLow * 100:F1} to {row.AccuracyHigh * 100:F1})", $"{row.CalibrationError:F3}");
        return table;
    }
}
