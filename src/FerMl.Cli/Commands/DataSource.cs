using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The options by which commands name their data, and how it is opened.</summary>
internal sealed class DataSource
{
    public Option<string> Path { get; } = new("--data")
    {
        Description = "fer2013.csv, a .zip or .gz of it, a folder or .zip of images in emotion folders, or 'synthetic' for synthetic "
            + "faces.",
        HelpName = "path|synthetic",
    };

    public Option<bool> SkipBadRows { get; } = SkipBadRowsOption();

    public static Option<bool> SkipBadRowsOption() => new("--skip-bad-rows")
    {
        Description = "Leave bad rows and images out and report them, instead of stopping.",
    };

    /// <param name="command">The command that takes these options.</param>
    /// <param name="isRequired">Whether it can't do without data.</param>
    public void AddTo(Command command, bool isRequired = true)
    {
        Path.Required = isRequired;
        command.Options.Insert(0, Path);
        command.Options.Insert(1, SkipBadRows);
    }

    public FerDataset Open(ParseResult parsed, Terminal terminal) =>
        Open(parsed.GetRequiredValue(Path), parsed.GetValue(SkipBadRows), terminal);

    /// <summary>The data that were named, or synthetic faces where none were.</summary>
    public FerDataset OpenOrDraw(ParseResult parsed, Terminal terminal) =>
        Open(parsed.GetValue(Path) ?? SyntheticFaces.Name, parsed.GetValue(SkipBadRows), terminal);

    public static FerDataset Open(string path, bool skipBadRows, Terminal terminal)
    {
        if (path == SyntheticFaces.Name)
            return SyntheticFaces.Create();
        var dataset = ProgressDisplay.Run(terminal, $"reading {System.IO.Path.GetFileName(path)}",
            progress => FerDataset.Load(path, new FerLoadOptions { SkipBadRows = skipBadRows, Progress = progress }));
        if (dataset.Problems.Total > 0)
        {
            terminal.WriteLine($"{dataset.Problems.Total:N0} bad rows or images left out:");
            foreach (var problem in dataset.Problems)
                terminal.WriteLine($"  {problem}");
            if (dataset.Problems.Total > dataset.Problems.Count)
                terminal.WriteLine($"  and {dataset.Problems.Total - dataset.Problems.Count:N0} more");
        }
        return dataset;
    }
}
