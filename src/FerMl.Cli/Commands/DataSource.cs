using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The options that select a data set and control how it is read.</summary>
internal sealed class DataSource
{
    public Option<string> Path { get; } = new("--data")
    {
        Description = "fer2013.csv, a .zip, .gz or .tar.gz of it, a folder or .zip of images in emotion folders, or 'synthetic' for "
            + "synthetic faces.",
        HelpName = "path|synthetic",
    };

    public Option<bool> SkipBadRows { get; } = new("--skip-bad-rows")
    {
        Description = "Leave bad rows and images out and report them, instead of stopping.",
    };

    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "Emotions of the data's labels, where their names differ: 1=surprise,2=fear,3=disgust.",
        HelpName = "label=emotion,...",
    };

    public Option<string?> Ignore { get; } = new("--ignore")
    {
        Description = "Labels whose faces are left out, such as confused.",
        HelpName = "label,...",
    };

    public Option<bool> CustomLabels { get; } = new("--custom-labels")
    {
        Description = "Use the labels of the folders or the table unchanged, such as glasses and none, instead of emotions.",
    };

    public Option<Annotation> Annotation { get; } = new("--annotation")
    {
        Description = "Whose labels the faces have: the data's own (fer2013), or the majority of FER+'s annotators (ferplus), which needs "
            + "--votes or FER+'s own folders.",
        HelpName = "fer2013|ferplus",
    };

    public Option<string?> Votes { get; } = new("--votes")
    {
        Description = "FER+ votes (fer2013new.csv) that go with the data.",
        HelpName = "csv",
    };

    private Option[] ReadingOptions => [SkipBadRows, Labels, Ignore, CustomLabels, Annotation, Votes];

    public DataSource() => Labels.Validators.Add(result =>
    {
        var labels = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in Parts(result.GetValueOrDefault<string?>()))
            if (Pair(text) is [{ Length: > 0 } label, var name] && EmotionNames.TryParse(name, out _))
            {
                if (!labels.Add(label))
                    result.AddError($"--labels names '{label}' twice.");
            }
            else
                result.AddError($"--labels: '{text}' isn't a label and an emotion, such as 1=surprise; the emotions are "
                    + $"{EmotionNames.List}.");
    });

    /// <param name="command">The command that gets the options.</param>
    /// <param name="isRequired">Whether the command requires data.</param>
    public void AddTo(Command command, bool isRequired = true)
    {
        Path.Required = isRequired;
        command.Options.Insert(0, Path);
        foreach (var (i, option) in ReadingOptions.Index())
            command.Options.Insert(i + 1, option);
    }

    /// <summary>Adds the reading options to a command that selects its data with an argument.</summary>
    public void AddReadingTo(Command command)
    {
        foreach (var option in ReadingOptions)
            command.Options.Add(option);
    }

    public FerDataset Open(ParseResult parsed, Terminal terminal) => Open(parsed, Reading(parsed), terminal);

    /// <summary>Opens the selected data with the given reading options.</summary>
    public FerDataset Open(ParseResult parsed, FerLoadOptions reading, Terminal terminal) =>
        Open(parsed.GetRequiredValue(Path), reading, terminal);

    /// <summary>Opens the selected data, or synthetic faces if none are selected.</summary>
    public FerDataset OpenOrDraw(ParseResult parsed, Terminal terminal) =>
        Open(parsed.GetValue(Path) ?? SyntheticFaces.Name, Reading(parsed), terminal);

    /// <summary>The reading options.</summary>
    public FerLoadOptions Reading(ParseResult parsed) =>
        Reading(parsed.GetValue(SkipBadRows), parsed.GetValue(Labels), parsed.GetValue(Ignore)) with
        {
            CustomLabels = parsed.GetValue(CustomLabels),
            Annotation = parsed.GetValue(Annotation),
            VotesPath = parsed.GetValue(Votes),
        };

    /// <summary>Opens the selected data, with custom labels if the model's labels aren't emotions.</summary>
    public FerDataset OpenFor(ParseResult parsed, IReadOnlyList<string> labels, Terminal terminal) => Open(parsed, Reading(parsed) with
    {
        CustomLabels = parsed.GetValue(CustomLabels) || !labels.All(label => EmotionNames.TryParse(label, out _)),
    }, terminal);

    /// <param name="skipBadRows">Whether to skip invalid rows.</param>
    /// <param name="labels">The mapping of labels to emotions, in the format of <c>--labels</c>.</param>
    /// <param name="ignored">The labels to ignore, in the format of <c>--ignore</c>.</param>
    public static FerLoadOptions Reading(bool skipBadRows, string? labels, string? ignored) => new()
    {
        SkipBadRows = skipBadRows,
        Labels = Parts(labels).Select(Pair).ToDictionary(
            pair => pair[0], pair => EmotionNames.TryParse(pair[1], out var emotion) ? emotion : default),
        IgnoredLabels = Parts(ignored),
    };

    public static FerDataset Open(string path, FerLoadOptions reading, Terminal terminal)
    {
        if (path == SyntheticFaces.Name)
            return reading.Annotation == FerMl.Annotation.Fer2013 && reading.VotesPath is null ? SyntheticFaces.Create()
                : throw new FerDataException("Synthetic faces have no votes; leave out --annotation and --votes.");
        var dataset = ProgressDisplay.Run(terminal, $"reading {System.IO.Path.GetFileName(path)}",
            progress => FerDataset.Load(path, reading with { Progress = progress }));
        foreach (var remark in dataset.Remarks)
            terminal.WriteLine($"{dataset.Source}: {remark}");
        if (dataset.Problems.Total > 0)
        {
            terminal.WriteLine($"{dataset.Problems.Total.Counted("problem")}; the affected rows or images are left out:");
            foreach (var problem in dataset.Problems)
                terminal.WriteLine($"  {problem}");
            if (dataset.Problems.Total > dataset.Problems.Count)
                terminal.WriteLine($"  and {dataset.Problems.Total - dataset.Problems.Count:N0} more");
        }
        return dataset;
    }

    private static string[] Pair(string text) => text.Split('=', StringSplitOptions.TrimEntries);

    private static string[] Parts(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
