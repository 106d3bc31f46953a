using System.Globalization;
using FerMl.Training;

namespace FerMl.Experiments.Tests;

public class SearchSpaceTests
{
    private static readonly SearchParameter[] Parameters =
    [
        new()
        {
            Name = "Real",
            Min = -2,
            Max = 3,
        }, new() { Name = "Log", Min = 1e-4, Max = 1, IsLog = true }, new() { Name = "Whole", Min = 3, Max = 9, IsInteger = true },
        new()
        {
            Name = "WholeLog",
            Min = 1,
            Max = 256,
            IsInteger = true,
            IsLog = true,
        }, new() { Name = "Choice", Choices = ["a", "b", "c"] },
    ];

    [TestCaseSource(nameof(Parameters))]
    public void At_AndPlaceOf_AreEachOthersInverse(SearchParameter parameter)
    {
        for (var place = 0.0; place <= 1; place += 0.01)
        {
            var value = parameter.FromUnit(place);
            Assert.That(parameter.FromUnit(parameter.ToUnit(value)),
                Is.EqualTo(value).Or.Matches<string>(
                    text => parameter.Count is null && Math.Abs(double.Parse(text) / double.Parse(value) - 1) < 1e-9),
                        $"{parameter.Name} at {place}");
        }
        Assert.That((parameter.FromUnit(-1), parameter.FromUnit(2)), Is.EqualTo((parameter.FromUnit(0), parameter.FromUnit(1))));
    }

    [Test]
    public void At_OfWholeNumbers_GivesEachAnEqualShare()
    {
        var counts = Enumerable.Range(0, 700).Select(i => Parameters[2].FromUnit((i + 0.5) / 700)).GroupBy(value => value)
            .ToDictionary(group => group.Key, group => group.Count());
        Assert.That(counts.Keys, Is.EquivalentTo(new[] { "3", "4", "5", "6", "7", "8", "9" }));
        Assert.That(counts.Values, Is.All.EqualTo(100));
    }

    [Test]
    public void At_OfALogRange_GivesEqualFactorsEqualShares() =>
        Assert.That(
            new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(place => double.Parse(Parameters[1].FromUnit(place), CultureInfo.InvariantCulture)),
            Is.EqualTo(new[] { 1e-4, 1e-3, 1e-2, 1e-1, 1 }).Within(1e-9));

    [TestCase("LearningRate=0.01..0.2,log", null, 0.01, 0.2, true, false)]
    [TestCase(" BatchSize = 16 .. 128 ", null, 16, 128, false, true)]
    [TestCase("Dropout=0..0.5", null, 0, 0.5, false, false)]
    [TestCase("Optimizer=sgd|adamw", "sgd,adamw", 0, 0, false, false)]
    public void Parse_ReadsWhatPeopleWrite(string text, string? choices, double min, double max, bool log, bool whole)
    {
        var parameter = SearchParameter.Parse(text);
        Assert.That((parameter.Min, parameter.Max, parameter.IsLog, parameter.IsInteger, string.Join(',', parameter.Choices)),
            Is.EqualTo((min, max, log, whole, choices ?? "")));
    }

    [TestCase("LearningRate", "isn't a search parameter")]
    [TestCase("LearningRate=3", "isn't a search parameter")]
    [TestCase("LearningRate=3..1", "the lower end must be below the upper one")]
    [TestCase("LearningRate=0..1,log", "must start above 0")]
    [TestCase("A=x|x", "named twice")]
    public void Parse_OfSomethingElse_SaysWhatIsExpected(string text, string message) =>
        Assert.That(() => SearchParameter.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void ApplyTo_SetsOptionsOnACopy()
    {
        var options = NetworkPreset.Strong.Defaults;
        var changed = new Configuration(
            new("LearningRate", "0.05"), new("BatchSize", "32"), new("Optimizer", "adamw"), new("Augmentation.Erasing", "0.4"),
            new("KeepLastEpoch", "False")).ApplyTo(options);
        Assert.That((changed.LearningRate, changed.BatchSize, changed.Optimizer, changed.Augmentation!.Erasing, changed.KeepLastEpoch),
            Is.EqualTo((0.05, 32, OptimizerKind.AdamW, 0.4, false)));
        Assert.That(changed.Augmentation.Rotation, Is.EqualTo(options.Augmentation!.Rotation));
        Assert.That((options.LearningRate, options.Augmentation.Erasing),
            Is.EqualTo((NetworkPreset.Strong.Defaults.LearningRate, NetworkPreset.Strong.Defaults.Augmentation!.Erasing)),
            "the original options don't change");
        Assert.That(new Configuration(new KeyValuePair<string, string>("Augmentation.Flip", "0.25"))
            .ApplyTo(NetworkPreset.PaperCnn.Defaults).Augmentation!.Flip, Is.EqualTo(0.25), "augmentation is turned on for it");
    }

    [TestCase("Speed", "1", "has no option 'Speed'")]
    [TestCase("BatchSize", "many", "BatchSize: 'many' isn't a value of type Int32")]
    [TestCase("LearningRate.Deeper", "1", "Double has no option 'Deeper'")]
    public void ApplyTo_OfWhatThereIsNot_NamesIt(string name, string value, string message) =>
        Assert.That(() => new Configuration(new KeyValuePair<string, string>(name, value)).ApplyTo(new EmotionTrainerOptions()),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    [Test]
    public void Of_ReadsTheAttributesOfARecord()
    {
        var space = SearchSpace.Of<Searched>();
        Assert.That(space.Parameters.Select(
            parameter => (parameter.Name, parameter.IsLog, parameter.IsInteger, string.Join(',', parameter.Choices))),
            Is.EqualTo(new[] { ("LearningRate", true, false, ""), ("BatchSize", false, true, ""),
                ("Optimizer", false, false, "Adam,AdamW,Sgd"), ("Preset", false, false, "tiny,fast") })
                    .Using<(string, bool, bool, string)>(
                        (one, other) => one == other || one.Item1 == "Optimizer" && other.Item1 == "Optimizer"
                        && one.Item4.Split(',').Length == 3));
        Assert.That(() => SearchSpace.Of<string>(), Throws.TypeOf<ArgumentException>().With.Message.Contains("[SearchRange]"));
    }

    private sealed record Searched
    {
        [SearchRange(1e-4, 1e-1, log: true)]
        public double LearningRate { get; init; }

        [SearchRange(8, 64)]
        public int BatchSize { get; init; }

        [SearchChoice]
        public OptimizerKind Optimizer { get; init; }

        [SearchChoice("tiny", "fast")]
        public string Preset { get; init; } = "";

        public int NotSearched { get; init; }
    }
}
