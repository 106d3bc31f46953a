namespace FerMl;

/// <summary>Something wrong in a data file: where it stands and what was expected there.</summary>
/// <param name="Source">The file, or the image inside a folder or archive.</param>
/// <param name="Line">Line in a text file, from 1, the header included; 0 for an image.</param>
/// <param name="Column">The column, or an empty text.</param>
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
