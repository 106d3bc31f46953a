using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FerMl.Cli;

/// <summary>The help of a command with many options, grouped under headings.</summary>
/// <param name="usual">The help without groups.</param>
/// <param name="groups">The headings with their options' names. Options without a group come first.</param>
internal sealed class GroupedHelp(HelpAction usual, IReadOnlyList<(string Heading, string[] Options)> groups) : SynchronousCommandLineAction
{
    private const string Options = "Options:";

    /// <summary>Help works without required options.</summary>
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

    /// <summary>Moves each option's lines under its heading and keeps their order.</summary>
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
