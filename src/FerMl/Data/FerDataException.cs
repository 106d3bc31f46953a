namespace FerMl;

/// <summary>A data set can't be loaded; the message names the file, the location, what was expected, and the remedy.</summary>
public sealed class FerDataException : FerMlException
{
    /// <summary>Creates the exception for a problem that ends the load at once.</summary>
    public FerDataException(string message, Exception? innerException = null) : base(message, innerException) =>
        Problems = new DataProblems();

    /// <summary>Creates the exception for invalid rows or images, after all of them are counted.</summary>
    public FerDataException(string source, DataProblems problems) : base(Describe(source, problems)) => Problems = problems;

    /// <summary>The invalid rows or images: the first five in full, and the total number.</summary>
    public DataProblems Problems { get; }

    private static string Describe(string source, DataProblems problems)
    {
        var what = problems.Total == 1 ? "1 row or image is" : $"{problems.Total.Grouped()} rows or images are";
        var more = problems.Total > problems.Count ? $"{Environment.NewLine}  and {(problems.Total - problems.Count).Grouped()} more" : "";
        return $"{source}: {what} wrong:{string.Concat(problems.Select(problem =>
            $"{Environment.NewLine}  {problem}"))}{more}{Environment.NewLine}" +
            $"Fix them; {(problems.Remedy is { } remedy ? $"{remedy}; " : "")}or leave them out with FerLoadOptions.SkipBadRows.";
    }
}
