using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>Which of a data set's faces a command is about: what <c>--usage</c> says.</summary>
internal static class UsageChoice
{
    /// <summary>The names under which people ask for faces.</summary>
    public static string[] Names { get; } = ["PublicTest", "PrivateTest", "Test", "Training"];

    /// <summary>
    /// The usages that are asked for. Where none is, and the data have one test part only, as Kaggle's folders train and test do, it is
    /// that one, and this is said.
    /// </summary>
    /// <exception cref="FerDataException">The data have no faces of this usage.</exception>
    public static Usage[] Of(ParseResult parsed, Option<string> usage, FerDataset dataset, Terminal terminal) =>
        Of(parsed, usage, dataset.Source, dataset.Samples.Select(face => face.Usage), terminal);

    /// <inheritdoc cref="Of(ParseResult, Option{string}, FerDataset, Terminal)"/>
    public static Usage[] Of(ParseResult parsed, Option<string> usage, ClipDataset clips, Terminal terminal) =>
        Of(parsed, usage, clips.Source, clips.Clips.Select(clip => clip.Usage), terminal);

    private static Usage[] Of(
        ParseResult parsed, Option<string> usage, string source, IEnumerable<Usage> all, Terminal terminal)
    {
        var name = parsed.GetRequiredValue(usage);
        Usage[] usages = name == "Test" ? [Usage.PublicTest, Usage.PrivateTest] : [Enum.Parse<Usage>(name)];
        var present = all.Distinct().Order().ToArray();
        if (usages.Intersect(present).Any())
            return usages;
        Usage[] tests = [.. present.Where(part => part != Usage.Training)];
        if (parsed.GetResult(usage) is null or { Implicit: true } && tests is [var only])
        {
            terminal.WriteLine($"{source}: has no {name} faces; these are its {only} faces (folders named test or {only}).");
            return [only];
        }
        throw new FerDataException(
            $"{source}: has no {name} faces, only {string.Join(" and ", present)}; choose with --usage "
                + $"{string.Join(" or ", present)}.");
    }
}
