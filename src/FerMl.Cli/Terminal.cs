using Spectre.Console;

namespace FerMl.Cli;

/// <summary>Where the command writes: results to standard output, everything else to standard error.</summary>
/// <param name="results">Standard output as plain text.</param>
/// <param name="output">Standard output for tables.</param>
/// <param name="error">Standard error.</param>
/// <param name="isLive">Whether standard error is a terminal, where bars can move; else progress comes as plain lines.</param>
internal sealed class Terminal(TextWriter results, IAnsiConsole output, IAnsiConsole error, bool isLive)
{
    public TextWriter Results => results;
    public IAnsiConsole Output => output;
    public IAnsiConsole Error => error;
    public bool IsLive => isLive && error.Profile.Capabilities.Ansi;

    /// <summary>Says something to the person, on standard error; what would act on a terminal instead of being seen is replaced.</summary>
    public void WriteLine(string text) => error.Profile.Out.Writer.WriteLine(PlainText.Clean(text));

    /// <summary>Says that something went wrong.</summary>
    public void WriteError(string message) => WriteLine($"ferml: {message}");
}

/// <summary>Texts from elsewhere in tables.</summary>
internal static class ShownText
{
    /// <summary>A text as a cell: none of it is markup, or acts on the terminal.</summary>
    public static string Shown(this string text) => Markup.Escape(PlainText.Clean(text));
}
