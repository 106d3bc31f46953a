namespace FerMl.Tests;

public class FormerNamesTests
{
    [TestCase("dropout 0,1; dense 7", "dropout 0.1; dense 7")]
    [TestCase("convolution 3x3, 32; dropout 0.25", "convolution 3x3, 32; dropout 0.25")]
    public void Layer_RateWithAComma_IsReadAsToday(string written, string expected) =>
        Assert.That(FormerNames.Layer(written), Is.EqualTo(expected));

    [Test]
    public void ACard_WithFormerNames_IsReadAsToday_AndSoAreThoseOfMembers()
    {
        var member = new ModelCard
        {
            Task = "seven",
            Labels = EmotionTask.Seven.Labels,
            Network = "strong",
            TestTimeAugmentation = "Flip",
            InitializedFrom = "first",
            Layers = ["batch normalization", "BiLSTM 2x16 with a skip connection"],
            Options = new System.Text.Json.Nodes.JsonObject { ["emaDecay"] = 0.9, ["initialImageSize"] = 40 },
        };
        var card = member with { Members = [member] };
        var former = card.ToJson();
        foreach (var (today, then) in new[]
        {
            ($"\"format\": {ModelCard.CurrentFormat}", "\"format\": 1"), ("testTimeAugmentation", "averaging"),
            ("initializedFrom", "startedFrom"), ("emaDecay", "weightAverageDecay"), ("initialImageSize", "startSide"),
            ("batch normalization", "batch normalisation"), ("with a skip connection", "with a way around it"),
        })
        {
            Assert.That(former, Does.Contain(today));
            former = former.Replace(today, then, StringComparison.Ordinal);
        }
        Assert.That(ModelCard.FromJson(System.Text.Encoding.UTF8.GetBytes(former)).ToJson(), Is.EqualTo(card.ToJson()));
    }
}
