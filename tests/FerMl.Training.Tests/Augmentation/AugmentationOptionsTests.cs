using System.ComponentModel.DataAnnotations;
using Microsoft.ML;

namespace FerMl.Training.Tests;

public class AugmentationOptionsTests
{
    [Test]
    public void Defaults_AreAsDocumented() => Assert.That(new AugmentationOptions(), Is.EqualTo(new AugmentationOptions
    {
        Flip = 0.5,
        Rotation = 10,
        Scale = 0.1,
        Shift = 4,
        Brightness = 20,
        Contrast = 0.2,
        Erasing = 0.25,
        ErasingArea = 0.2,
        MixupAlpha = 0,
    }));

    [Test]
    public void PaperPresets_ChangeNothing() =>
        Assert.That(new[] { NetworkPreset.PaperCnn, NetworkPreset.PaperCnnBiLstm }.Select(preset => preset.Defaults),
            Is.All.EqualTo(new EmotionTrainerOptions()));

    private static IEnumerable<TestCaseData> Rejected()
    {
        var good = new AugmentationOptions();
        yield return Case(good with { Flip = 1.1 }, "Flip is 1.1; it must be between 0 and 1");
        yield return Case(good with { Flip = -0.1 }, "Flip");
        yield return Case(good with { Rotation = 46 }, "Rotation is 46; it must be between 0 and 45");
        yield return Case(good with { Scale = 0.6 }, "Scale");
        yield return Case(good with { Shift = 25 }, "Shift");
        yield return Case(good with { Brightness = 129 }, "Brightness");
        yield return Case(good with { Contrast = 1 }, "Contrast");
        yield return Case(good with { Erasing = double.NaN }, "Erasing");
        yield return Case(good with { ErasingArea = 0.6 }, "ErasingArea");
        yield return Case(good with { MixupAlpha = -1 }, "MixupAlpha");

        static TestCaseData Case(AugmentationOptions options, string expected) =>
            new TestCaseData(options, expected).SetArgDisplayNames(expected, options.ToString());
    }

    [TestCaseSource(nameof(Rejected))]
    public void ValueOutOfRange_IsRefused(AugmentationOptions options, string expected)
    {
        Assert.That(() => new MLContext().MulticlassClassification.Trainers.CnnBiLstm(
            new EmotionTrainerOptions { Augmentation = options }), Throws.TypeOf<ValidationException>().With.Message.Contains(expected));
        Assert.That(() => AugmentedFace.Render(TrainingData.Faces[0], options, 1),
            Throws.TypeOf<ValidationException>().With.Message.Contains(expected));
    }
}
