using FerMl.Cli.Commands;

namespace FerMl.Cli.Tests;

public class HelpTests
{
    private static System.CommandLine.RootCommand Root => CommandLine.Root(Ferml.TerminalOn(new StringWriter(), new StringWriter()));

    private static IEnumerable<string> Commands => Below(Root, "").Prepend("");

    private static IEnumerable<string> Below(System.CommandLine.Command command, string path) => command.Subcommands.SelectMany(
        part => Below(part, $"{path} {part.Name}".Trim()).Prepend($"{path} {part.Name}".Trim()));

    [TestCaseSource(nameof(Commands))]
    public async Task Help_IsAsItWas(string command)
    {
        var (exitCode, output, error) = await Ferml.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Snapshot.Match($"help {command}".Trim().Replace(' ', '-'), output);
    }

    [Test]
    public async Task Nothing_ShowsTheHelp()
    {
        var (exitCode, output, error) = await Ferml.RunAsync();
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(output, Is.EqualTo((await Ferml.RunAsync("--help")).Output));
    }

    [TestCase("<source>", "analyze", "", "--out", "x")]
    [TestCase("--data", "evaluate", "--data", "", "--model", "fer7")]
    [TestCase("<images>", "predict", " ")]
    public async Task AnEmptyValue_IsWrongUsage(string name, params string[] arguments)
    {
        var (exitCode, output, error) = await Ferml.RunAsync(arguments);
        Assert.That((exitCode, output, error), Is.EqualTo((2, "", $"ferml: {name} is empty; give a value, or leave it out.\n")));
    }

    [TestCase("predct", "predict")]
    [TestCase("tain", "train")]
    [TestCase("wbecam", "webcam")]
    [TestCase("zebra", null)]
    [TestCase("x", null)]
    public void Suggestion_IsWhatWasMeant(string typed, string? meant) =>
        Assert.That(Suggestion.For(typed, ["predict", "train", "webcam", "data", "serve"]), Is.EqualTo(meant));

    [Test]
    public void TrainsGroups_NameOptionsThatThereAre()
    {
        var train = Root.Subcommands.Single(command => command.Name == "train");
        Assert.That(TrainingArguments.Groups.SelectMany(group => group.Options), Is.SubsetOf(train.Options.Select(option => option.Name)));
    }

    [Test]
    public async Task Train_ShowsEachOptionUnderAHeading()
    {
        var (_, output, _) = await Ferml.RunAsync("train", "--help");
        var first = output.Split("Options:\n")[1].Split("\n\n")[0];
        Assert.That(first.Trim().Split('\n'), Has.Length.EqualTo(1), "only the help itself stands under none: " + first);
    }

    [Test]
    public async Task Version_IsOnOneLine()
    {
        var (exitCode, output, _) = await Ferml.RunAsync("--version");
        Assert.That((exitCode, output.Trim().Split('\n').Length), Is.EqualTo((0, 1)));
    }
}
