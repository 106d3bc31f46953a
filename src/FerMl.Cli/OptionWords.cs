using System.Text.RegularExpressions;
using FerMl.Cli.Commands;

namespace FerMl.Cli;

/// <summary>
/// Translates the libraries' error messages, which name types and properties, to the options and commands of the command line.
/// </summary>
internal static partial class OptionWords
{
    /// <summary>The names in the libraries' messages, and their command-line equivalents.</summary>
    internal static readonly (string Api, string Command)[] Names =
    [
        ("hold some out with StratifiedSplit, or set EvaluationOptions.Usages", "choose with --usage"),
        ("FerLoadOptions.Annotation = FerPlus", "--annotation ferplus"),
        ("FerLoadOptions.Annotation", "--annotation"),
        ("FerLoadOptions.CustomLabels", "--custom-labels"),
        ("FerLoadOptions.IgnoredLabels", "--ignore"),
        ("FerLoadOptions.KeepWithoutMajority", "--keep-without-majority"),
        ("FerLoadOptions.Labels", "--labels"),
        ("FerLoadOptions.SkipBadRows", "--skip-bad-rows"),
        ("FerLoadOptions.VotesPath", "--votes"),
        ("TrainingRunOptions.OutputFolder", "--out"),
        ("TrainingRunOptions.Overwrite", "--overwrite"),
        ("Execution.Resume", "--resume"),
        ("CnnDetectorOptions.Model", "--detector-model"),
        ("ServiceOptions.Port", "--port"),
        ("without DemoWindow", "without a window (--headless)"),
        ("allow it to be overwritten", "replace it with --overwrite"),
        ("DetectorTrainer", "'ferml detector train'"),
        ("EmotionExperiment", "'ferml experiment run'"),
        ("FrameLog writes", "'ferml webcam --log' writes"),
        ("PhotoReader finds it", "'ferml predict --faces --draw' shows it"),
        ("SequenceRun", "'ferml train --sequences'"),
        ("TrainingRun", "'ferml train'"),
        .. TrainingArguments.Names,
    ];

    private static readonly Regex Api = new(
        $@"(?<![\w.'])({string.Join('|', Names.Select(name => Regex.Escape(name.Api)).OrderByDescending(name => name.Length))})(?![\w=])",
        RegexOptions.CultureInvariant);

    /// <summary>Translates a library's message.</summary>
    public static string Of(string message)
    {
        // Messages about values out of range start with the property's name.
        var found = WrongOption().Match(message);
        if (found.Success && TrainingArguments.OptionOf(found.Groups["property"].Value) is { } option)
            message = option + message[found.Groups["property"].Length..];
        return Api.Replace(message, name => Names.First(entry => entry.Api == name.Value).Command);
    }

    [GeneratedRegex(@"^(?<property>[A-Z]\w+) is .*; it must ", RegexOptions.Singleline)]
    private static partial Regex WrongOption();
}
