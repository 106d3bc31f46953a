using System.CommandLine;
using FerMl.Training;
using FerMl.Vision;

namespace FerMl.Cli.Tests;

public class OptionWordsTests
{
    [TestCase("Leave them out with FerLoadOptions.SkipBadRows.", "Leave them out with --skip-bad-rows.")]
    [TestCase("Load it with FerLoadOptions.Annotation = FerPlus.", "Load it with --annotation ferplus.")]
    [TestCase("Load it with FerLoadOptions.Annotation, please", "Load it with --annotation, please")]
    [TestCase("set ValidationFraction to 0", "set --validation to 0")]
    [TestCase("Seed is -1; it must be at least 0.", "--seed is -1; it must be at least 0.")]
    [TestCase("MyValidationFraction, FerLoadOptions.LabelsOf, Seed", "MyValidationFraction, FerLoadOptions.LabelsOf, Seed")]
    [TestCase("'LearningRate' isn't; write LearningRate=0.1", "'LearningRate' isn't; write LearningRate=0.1")]
    [TestCase("train one with TrainingRun.", "train one with 'ferml train'.")]
    public void Of_WhatLibrariesSay_IsWhatTheCommandCallsIt(string library, string command) =>
        Assert.That(OptionWords.Of(library), Is.EqualTo(command));

    [Test]
    public void Names_AreOptionsAndCommandsThatThereAre()
    {
        var options = OptionsOf(CommandLine.Root(new Terminal(TextWriter.Null, null!, null!, isLive: false))).ToHashSet();
        foreach (var (api, command) in OptionWords.Names)
            foreach (var word in command.Split(' ', '(', ')', '\'').Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.That(options, Does.Contain(word), api);
        foreach (var type in (Type[])[typeof(FerLoadOptions), typeof(TrainingRunOptions), typeof(CnnDetectorOptions)])
            foreach (var (api, _) in OptionWords.Names.Where(name => name.Api.StartsWith(type.Name + ".", StringComparison.Ordinal)))
                Assert.That(type.GetProperty(api.Split('.', ' ')[1]), Is.Not.Null, api);
    }

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Select(option => option.Name).Concat(command.Subcommands.SelectMany(OptionsOf));
}
