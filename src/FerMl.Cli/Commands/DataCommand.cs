using System.CommandLine;
using System.Text.Json;
using FerMl.Reporting;
using FerMl.Training;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml data info</c>: statistics of a data set; <c>ferml data preview</c>: a sheet of its faces.</summary>
internal static class DataCommand
{
    private static readonly Usage[] Usages = Enum.GetValues<Usage>();
    private static readonly NetworkPreset[] Changing = [.. NetworkPreset.All.Where(preset => preset.Defaults.Augmentation is not null)];

    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "The data set, or 'synthetic' for synthetic faces." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var data = new DataSource();
        var info = new Command("info", "Count a data set's faces by usage and emotion, its bad rows and its duplicates.") { path, json };
        data.AddReadingTo(info);
        info.SetAction(parsed =>
        {
            var dataset = DataSource.Open(parsed.GetRequiredValue(path), data.Reading(parsed), terminal);
            var audit = DuplicateAudit.Of(dataset);
            if (parsed.GetValue(json))
                PrintJson(dataset, audit, terminal);
            else
                PrintTables(dataset, audit, terminal);
            return ExitCode.Ok;
        });
        return new Command("data", "Inspect data sets.") { info, Preview(terminal) };
    }

    private static Command Preview(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "The data set, or 'synthetic' for synthetic faces." };
        var augment = new Option<bool>("--augment") { Description = "Also show each face augmented, epoch by epoch." };
        var preset = new Option<string>("--preset")
        {
            Description = $"The preset whose augmentation is shown: {string.Join(", ", Changing.Select(p => p.Name))}.",
            DefaultValueFactory = _ => NetworkPreset.Strong.Name,
            HelpName = "name",
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the faces and the augmentation.", HelpName = "n" };
        var output = new Option<string>("--out") { Description = "The SVG image to write.", Required = true, HelpName = "svg" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var data = new DataSource();
        var preview = new Command("preview", "Draw a sheet of faces, one or more of each emotion.")
        {
            path, augment, preset, seed, output, overwrite,
        };
        data.AddReadingTo(preview);
        preview.SetAction(parsed =>
        {
            var changes = NetworkPreset.Find(parsed.GetRequiredValue(preset)).Defaults.Augmentation
                ?? throw new ArgumentException(
                    $"The preset '{parsed.GetRequiredValue(preset)}' has no augmentation; presets with augmentation: "
                        + $"{string.Join(", ", Changing.Select(p => p.Name))}.");
            var dataset = DataSource.Open(parsed.GetRequiredValue(path), data.Reading(parsed), terminal);
            var drawn = new Random(parsed.GetValue(seed));
            var file = parsed.GetRequiredValue(output);
            var svg = parsed.GetValue(augment) ? Augmented(dataset, drawn, changes, parsed.GetValue(seed)) : Plain(dataset, drawn);
            AtomicFile.WriteText(file, svg, parsed.GetValue(overwrite));
            terminal.Results.WriteLine(file);
            return ExitCode.Ok;
        });
        return preview;
    }

    private static string Augmented(FerDataset dataset, Random drawn, AugmentationOptions changes, int seed)
    {
        const int epochs = 8;
        var rows = Draw(dataset, drawn, 1).Select(face => (face.Label, (IReadOnlyList<byte[]>)
            [face.Pixels.ToArray(), .. Enumerable.Range(1, epochs).Select(epoch => AugmentedFace.Render(face, changes, epoch, seed))]));
        return ContactSheet.ToSvg(
            "Faces, original and augmented",
            ["original", .. Enumerable.Range(1, epochs).Select(epoch => $"epoch {epoch}")], [.. rows]);
    }

    private static string Plain(FerDataset dataset, Random drawn) =>
        FaceGrid.ToSvg($"Faces of {dataset.Source}", [.. Draw(dataset, drawn, 3).Select(face => new FaceTile(face))], columns: 3);

    private static IEnumerable<FaceSample> Draw(FerDataset dataset, Random drawn, int ofEach) => dataset.Samples
        .GroupBy(face => face.Code).OrderBy(group => group.Key)
        .SelectMany(group => drawn.GetItems(group.ToArray(), ofEach));

    private static void PrintJson(FerDataset dataset, DuplicateAudit audit, Terminal terminal) =>
        terminal.Results.WriteLine(JsonSerializer.Serialize(new
        {
            dataset.Source,
            dataset.Count,
            Usages = Usages.ToDictionary(usage => usage.ToString(), usage =>
                dataset.Labels.ToDictionary(label => label, label => dataset.CountOf(usage, label))),
            BadRows = dataset.Problems.Total,
            Duplicates = new
            {
                Groups = audit.Groups.Count,
                audit.ConflictingGroups,
                Across = Pairs().Select(pair => (pair, Found: audit.Across(pair.Usage, pair.Other)))
                .Select(row => new { row.pair.Usage, row.pair.Other, row.Found.Faces, row.Found.WithOtherLabel }),
            },
            dataset.Fingerprint,
        }, FerMlJson.Options));

    private static void PrintTables(FerDataset dataset, DuplicateAudit audit, Terminal terminal)
    {
        var counts = new Table().Title($"{dataset.Source.Shown()}: {dataset.Count.Counted("face")}").AddColumn("label");
        foreach (var usage in Usages)
            counts.AddColumn(new TableColumn(usage.ToString()).RightAligned());
        foreach (var label in dataset.Labels)
            counts.AddRow([label.Shown(), .. Usages.Select(usage => $"{dataset.CountOf(usage, label):N0}")]);
        counts.AddRow(["all",
            .. Usages.Select(usage => $"{dataset.Labels.Sum(label => dataset.CountOf(usage, label)):N0}")]);
        terminal.Output.Write(counts);

        var duplicates = new Table()
            .Title($"pixel-identical faces: {audit.Groups.Count.Counted("set")}, {audit.ConflictingGroups:N0} of them with different "
                + $"labels")
            .AddColumn("faces of").AddColumn("also in").AddColumn(new TableColumn("faces").RightAligned())
            .AddColumn(new TableColumn("with another label there").RightAligned());
        foreach (var (usage, other) in Pairs())
        {
            var (faces, conflicts) = audit.Across(usage, other);
            duplicates.AddRow(usage.ToString(), usage == other ? "the same usage" : other.ToString(), $"{faces:N0}", $"{conflicts:N0}");
        }
        terminal.Output.Write(duplicates);
    }

    private static IEnumerable<(Usage Usage, Usage Other)> Pairs() =>
        from usage in Usages from other in Usages where other <= usage select (usage, other);
}
