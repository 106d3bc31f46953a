using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The <c>--task</c> option, which selects the classes to train.</summary>
internal sealed class TaskChoice
{
    public Option<string?> Option { get; } = new("--task")
    {
        Description = "The emotions: seven (FER2013's), eight (FER+'s: these and contempt), three (happy, sad, neutral), or a list such as "
            + "happy,sad,anger [default: seven; eight with --annotation ferplus].",
    };

    /// <summary>The task as given, or the default task's name.</summary>
    public string TextOf(ParseResult parsed, DataSource data) => parsed.GetValue(Option) ?? Of(parsed, data).Name;

    /// <summary>The given task, or the default. For custom labels, the default is all labels.</summary>
    /// <exception cref="FormatException">The text isn't a valid task.</exception>
    /// <exception cref="FerDataException">The data have custom labels, but not the given ones or fewer than two.</exception>
    public EmotionTask Of(ParseResult parsed, DataSource data, FerDataset dataset)
    {
        if (!dataset.HasCustomLabels)
            return Of(parsed, data);
        string[] labels = parsed.GetValue(Option)?.Split(',', StringSplitOptions.TrimEntries) ?? [.. dataset.Labels];
        if (labels.FirstOrDefault(label => !dataset.Labels.Contains(label)) is { } unknown)
            throw new FerDataException(
                $"{dataset.Source}: no face has the label '{unknown}'; the labels are {string.Join(", ", dataset.Labels)}.");
        return labels.Length > 1 ? EmotionTask.OfLabels(labels) : throw new FerDataException(
            $"{dataset.Source}: all faces have the label '{labels[0]}'; two or more labels are needed.");
    }

    /// <exception cref="FormatException">The text isn't a valid task.</exception>
    public EmotionTask Of(ParseResult parsed, DataSource data) => parsed.GetValue(Option) is { } text ? EmotionTask.Parse(text)
        : parsed.GetValue(data.Annotation) == Annotation.FerPlus ? EmotionTask.Eight : EmotionTask.Seven;
}
