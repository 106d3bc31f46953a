using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The <c>--usage</c> option, which selects the splits of a data set.</summary>
internal static class UsageChoice
{
    /// <summary>The names of the splits on the command line.</summary>
    public static string[] Names { get; } = ["PublicTest", "PrivateTest", "Test", "Training"];

    /// <summary>
    /// The selected usages. Without a selection, data with a single test split, as in Kaggle's folders train and test, use that split, and
    /// the terminal says so.
    /// </summary>
    /// <exception cref="FerDataException">The data have no faces of this usage.</exception>
    public static Usage[] Of(ParseResult parsed, Option<string> usage, FerDataset dataset, Terminal terminal) =>
        Of(parsed, usage, dataset.Source, "faces", dataset.Samples.Select(face => face.Usage), terminal);

    /// <inheritdoc cref="Of(ParseResult, Option{string}, FerDataset, Terminal)"/>
    public static Usage[] Of(ParseResult parsed, Option<string> usage, ClipDataset clips, Terminal terminal) =>
        Of(parsed, usage, clips.Source, "clips", clips.Clips.Select(clip => clip.Usage), terminal);

    private static Usage[] Of(
        ParseResult parsed, Option<string> usage, string source, string items, IEnumerable<Usage> all, Terminal terminal)
    {
        var name = parsed.GetRequiredValue(usage);
        Usage[] usages = name == "Test" ? [Usage.PublicTest, Usage.PrivateTest] : [Enum.Parse<Usage>(name)];
        var present = all.Distinct().Order().ToArray();
        if (usages.Intersect(present).Any())
            return usages;
        if (parsed.GetResult(usage) is null or { Implicit: true } && EvaluationOptions.UsagesOf([], present) is [var only]
            && present.Contains(only))
        {
            terminal.WriteLine($"{source}: has no {name} {items}; these are its {only} {items} (folders named test or {only}).");
            return [only];
        }
        throw new FerDataException(
            $"{source}: has no {name} {items}, only {string.Join(" and ", present)}; choose with --usage {string.Join(" or ", present)}.");
    }
}
