namespace FerMl;

/// <summary>A problem in a data file: its location, and what was expected.</summary>
/// <param name="Source">The file, or the image in a folder or archive.</param>
/// <param name="Line">Line in a text file, counted from 1 and including the header; 0 for an image.</param>
/// <param name="Column">The column, or an empty string.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record DataProblem(string Source, long Line, string Column, string Message)
{
    /// <summary>File, line, column and message on one line.</summary>
    public override string ToString()
    {
        var line = Line > 0 ? $", line {Line}" : "";
        var column = Column.Length > 0 ? $", column {Column}" : "";
        return $"{Source}{line}{column}: {Message}";
    }
}
