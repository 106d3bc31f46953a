using Spectre.Console;

namespace FerMl.Cli;

/// <summary>The command's output: results go to standard output, everything else to standard error.</summary>
/// <param name="results">Standard output as plain text.</param>
/// <param name="output">Standard output for tables.</param>
/// <param name="error">Standard error.</param>
/// <param name="isLive">Whether standard error is a terminal that supports progress bars; otherwise progress is plain lines.</param>
internal sealed class Terminal(TextWriter results, IAnsiConsole output, IAnsiConsole error, bool isLive)
{
    public TextWriter Results => results;
    public IAnsiConsole Output => output;
    public IAnsiConsole Error => error;
    public bool IsLive => isLive && error.Profile.Capabilities.Ansi;

    /// <summary>Prints a message to standard error. Control characters are replaced, so that they don't affect the terminal.</summary>
    public void WriteLine(string text) => error.Profile.Out.Writer.WriteLine(PlainText.Clean(text));

    /// <summary>Prints an error message to standard error.</summary>
    public void WriteError(string message) => WriteLine($"ferml: {message}");
}

/// <summary>Untrusted text in tables.</summary>
internal static class ShownText
{
    /// <summary>Escapes a text for a table cell: no markup and no control characters remain.</summary>
    public static string Shown(this string text) => Markup.Escape(PlainText.Clean(text));
}
