using System.Text.Json.Nodes;

namespace FerMl.Training.Tests;

public class TrainingSignatureTests
{
    /// <summary>The signature of an earlier version: options, layers, precision and data, a line each.</summary>
    private const string Former =
        """{"epochs":3,"learningRate":0.01,"weightAverageDecay":0.9,"averaging":"flip","threads":2,"startSide":40,"""
        + """
        "augmentation":{"erasing":0.5}}
        convolution 3x3 to 12; batch normalisation; BiLSTM 2x16 with a way around it; dropout 0.1
        Float32
        abc
        """;

    [Test]
    public void Parse_OfAFormerVersion_HasTodaysNames_AndDefaultsForTheRest()
    {
        var signature = TrainingSignature.Parse(Former);
        var today = new EmotionTrainerOptions
        {
            Epochs = 3,
            LearningRate = 0.01,
            EmaDecay = 0.9,
            TestTimeAugmentation = TestTimeAugmentation.Flip,
            InitialImageSize = 40,
            Augmentation = new AugmentationOptions { Erasing = 0.5 },
        };
        var options = System.Text.Json.JsonSerializer.SerializeToNode(today, FerMlJson.Line)!.AsObject();
        Assert.That(JsonNode.DeepEquals(signature.Recipe, options), $"{signature.Recipe}");
        Assert.That(signature.Layers,
            Is.EqualTo("convolution 3x3 to 12; batch normalization; BiLSTM 2x16 with a skip connection; dropout 0.1"));
        Assert.That((signature.Precision, signature.Data), Is.EqualTo(("Float32", "abc")));
    }

    [Test]
    public void ToString_IsReadBack_WithoutADifference()
    {
        var signature = TrainingSignature.Parse(Former);
        Assert.That(TrainingSignature.Parse(signature.ToString()).DifferencesFrom(signature), Is.Empty);
    }

    [Test]
    public void DifferencesFrom_NamesEachThatDiffers()
    {
        var signature = TrainingSignature.Parse(Former);
        var other = TrainingSignature.Parse(
            Former.Replace("0.01", "0.02", StringComparison.Ordinal).Replace("abc", "abd", StringComparison.Ordinal));
        Assert.That(signature.DifferencesFrom(other), Is.EqualTo(new[] { "learningRate was 0.02 and is 0.01", "its data differ" }));
    }

    [Test]
    public void DifferencesFrom_OtherViews_AreNone_SinceNothingThatIsTrainedDiffers()
    {
        var signature = TrainingSignature.Parse(Former);
        var other = signature with { Recipe = signature.Recipe.DeepClone().AsObject() };
        Assert.That(other.Recipe["testTimeAugmentation"]!.GetValue<string>(), Is.EqualTo("flip").IgnoreCase);
        other.Recipe["testTimeAugmentation"] = "zoom";
        Assert.That(signature.DifferencesFrom(other), Is.Empty);
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("signature")]
    [TestCase("null\n\n\n")]
    public void Parse_OfSomethingElse_IsRefused(string text) =>
        Assert.That(() => TrainingSignature.Parse(text), Throws.InstanceOf<System.Text.Json.JsonException>());
}
