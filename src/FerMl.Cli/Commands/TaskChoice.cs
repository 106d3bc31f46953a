using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The option by which commands name the emotions to train: what <c>--task</c> says.</summary>
internal sealed class TaskChoice
{
    public Option<string?> Option { get; } = new("--task")
    {
        Description = "The emotions: seven (FER2013's), eight (FER+'s: these and contempt), three (happy, sad, neutral), or a list such as "
            + "happy,sad,anger [default: seven; eight with --annotation ferplus].",
    };

    /// <summary>The task as it was given, or the name of the usual one.</summary>
    public string TextOf(ParseResult parsed, DataSource data) => parsed.GetValue(Option) ?? Of(parsed, data).Name;

    /// <exception cref="FormatException">The text is no task.</exception>
    public EmotionTask Of(ParseResult parsed, DataSource data) => parsed.GetValue(Option) is { } text ? EmotionTask.Parse(text)
        : parsed.GetValue(data.Annotation) == Annotation.FerPlus ? EmotionTask.Eight : EmotionTask.Seven;
}
