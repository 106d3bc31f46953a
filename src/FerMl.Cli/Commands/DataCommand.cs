using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml data info</c>: what a data set holds.</summary>
internal static class DataCommand
{
    private static readonly Usage[] Usages = Enum.GetValues<Usage>();

    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "The data set, or 'synthetic' for drawn faces." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var skip = DataSource.SkipBadRowsOption();
        var info = new Command("info", "Count a data set's faces by usage and emotion, its bad rows and its duplicates.") { path, json, skip };
        info.SetAction(parsed =>
        {
            var dataset = DataSource.Open(parsed.GetRequiredValue(path), parsed.GetValue(skip), terminal);
            var audit = DuplicateAudit.Of(dataset);
            if (parsed.GetValue(json))
                PrintJson(dataset, audit, terminal);
            else
                PrintTables(dataset, audit, terminal);
            return ExitCode.Ok;
        });
        return new Command("data", "Look at data sets.") { info };
    }

    private static void PrintJson(FerDataset dataset, DuplicateAudit audit, Terminal terminal) => terminal.Results.WriteLine(JsonSerializer.Serialize(new
    {
        dataset.Source,
        dataset.Count,
        Usages = Usages.ToDictionary(usage => usage.ToString(), usage =>
            EmotionTask.Seven.Emotions.ToDictionary(emotion => emotion.ToLabel(), emotion => dataset.CountOf(usage, emotion))),
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
        var counts = new Table().Title($"{dataset.Source.EscapeMarkup()}: {dataset.Count:N0} faces").AddColumn("emotion");
        foreach (var usage in Usages)
            counts.AddColumn(new TableColumn(usage.ToString()).RightAligned());
        foreach (var emotion in EmotionTask.Seven.Emotions)
            counts.AddRow([emotion.ToLabel(), .. Usages.Select(usage => $"{dataset.CountOf(usage, emotion):N0}")]);
        counts.AddRow(["all", .. Usages.Select(usage => $"{EmotionTask.Seven.Emotions.Sum(emotion => dataset.CountOf(usage, emotion)):N0}")]);
        terminal.Output.Write(counts);

        var duplicates = new Table().Title($"pixel-identical faces: {audit.Groups.Count:N0} sets, {audit.ConflictingGroups:N0} of them with different labels")
            .AddColumn("faces of").AddColumn("that also stand in").AddColumn(new TableColumn("faces").RightAligned()).AddColumn(new TableColumn("with another label there").RightAligned());
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
