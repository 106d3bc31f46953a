using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FerMl.Cli;

/// <summary>The help of a command with many options, which stand under headings.</summary>
/// <param name="usual">The help without headings.</param>
/// <param name="groups">The headings, and the names of the options below each; what is in none comes first.</param>
internal sealed class GroupedHelp(HelpAction usual, IReadOnlyList<(string Heading, string[] Options)> groups) : SynchronousCommandLineAction
{
    private const string Options = "Options:";

    /// <summary>Whoever asks for help needn't give what else is required.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var (output, text) = (parseResult.InvocationConfiguration.Output, new StringWriter { NewLine = "\n" });
        parseResult.InvocationConfiguration.Output = text;
        try
        {
            usual.Invoke(parseResult);
        }
        finally
        {
            parseResult.InvocationConfiguration.Output = output;
        }
        output.Write(Group(text.ToString().ReplaceLineEndings("\n")));
        return 0;
    }

    /// <summary>Sets each option's lines under its heading, in the order that they had.</summary>
    private string Group(string help)
    {
        var lines = help.Split('\n');
        var first = Array.IndexOf(lines, Options);
        if (first < 0)
            return help;
        var last = Array.FindIndex(lines, first, line => line.Length == 0);
        var byHeading = new Dictionary<string, List<string>> { [Options] = [] };
        foreach (var (heading, _) in groups)
            byHeading[heading + ":"] = [];
        var at = Options;
        foreach (var line in lines[(first + 1)..last])
        {
            if (line.StartsWith("  -", StringComparison.Ordinal))
                at = HeadingOf(line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)[0]);
            byHeading[at].Add(line);
        }
        return string.Join('\n', [
            .. lines[..first], .. byHeading.SelectMany(group => group.Value.Count == 0 ? [] : (string[])[group.Key, .. group.Value, ""]),
            .. lines[(last + 1)..],
        ]);
    }

    private string HeadingOf(string option) =>
        groups.FirstOrDefault(group => group.Options.Contains(option)) is { Heading: { } heading } ? heading + ":" : Options;
}
