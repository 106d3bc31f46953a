using FerMl.Benchmarking;
using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>
/// <c>ferml benchmark experiments</c>: whether successive halving with TPE finds better options than random search with the same epoch
/// budget.
/// </summary>
internal static class BenchmarkExperimentsCommand
{
    public static Command Create(Terminal terminal)
    {
        var seeds = new Option<int>("--seeds")
        {
            Description = "Number of comparisons, each with other faces and trials.",
            DefaultValueFactory = _ => 10,
            HelpName = "n",
        }.Between(1, 1_000);
        var firstSeed = new Option<int>("--seed")
        {
            Description = "Seed of the first comparison; each further one adds 1.",
            DefaultValueFactory = _ => 0,
            HelpName = "n",
        }.Between(0, 1_000);
        var trials = new Option<int>("--trials")
        {
            Description = "Trials of each study with successive halving.",
            DefaultValueFactory = _ => 30,
            HelpName = "n",
        }.Between(2, 1_000);
        var epochs = new Option<int>("--epochs")
        {
            Description = "Maximum number of epochs of a trial.",
            DefaultValueFactory = _ => 27,
            HelpName = "n",
        }.Between(2, 1_000);
        var firstEpochs = new Option<int>("--first-epochs")
        {
            Description = "Epochs of the first rung.",
            DefaultValueFactory = _ => 1,
            HelpName = "n",
        }.Between(1, 1_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "experiments", "Studies on synthetic faces: successive halving with TPE, the default, against random search with the same "
                + "number of epochs.")
        {
            seeds, firstSeed, trials, epochs, firstEpochs, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (count, start) = (parsed.GetValue(seeds), parsed.GetValue(firstSeed));
            var (maxTrials, maxEpochs) = (parsed.GetValue(trials), parsed.GetValue(epochs));
            var first = parsed.GetValue(firstEpochs);
            var comparisons = new List<SearchComparison>();
            for (var seed = start; seed < start + count; seed++)
            {
                comparisons.Add(await SearchBenchmark.Compare(seed, maxTrials, maxEpochs, first, cancellation).ConfigureAwait(false));
                terminal.WriteLine(FormattableString.Invariant(
                    $"seed {seed}: {comparisons[^1].Halving:P1} by halving, {comparisons[^1].Random:P1} by random search"));
            }
            var result = SearchBenchmarkResult.Of(comparisons);
            if (parsed.GetValue(json))
                terminal.Results.WriteLine(JsonSerializer.Serialize(result, FerMlJson.Options));
            else
                Print(result, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(SearchBenchmarkResult result, Terminal terminal)
    {
        var table = new Table().AddColumn("seed").AddColumn(new TableColumn("epochs").RightAligned())
            .AddColumn(new TableColumn("halving").RightAligned())
            .AddColumn(new TableColumn("random search").RightAligned()).AddColumn(new TableColumn("its trials").RightAligned());
        foreach (var one in result.Comparisons)
            table.AddRow($"{one.Seed}", $"{one.Epochs}", $"{one.Halving:P1}", $"{one.Random:P1}", $"{one.RandomTrials}");
        terminal.Output.Write(table);
        terminal.Results.WriteLine(
            $"Successive halving is better in {result.HalvingIsBetter} of {result.Comparisons.Count}: accuracy of the best model on "
                + "test faces.");
    }
}
