using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FerMl.Tests;

/// <summary>Results in JSON: the same shape with any options, with reflection or without.</summary>
public partial class PredictionJsonTests
{
    private static readonly EmotionPrediction Prediction = new(["happy", "sad"], [0.75f, 0.25f]);

    private const string Expected = "{\"label\":\"happy\",\"confidence\":0.75,\"scores\":{\"happy\":0.75,\"sad\":0.25}}";

    [JsonSerializable(typeof(EmotionPrediction))]
    [JsonSerializable(typeof(ModelCard))]
    [JsonSerializable(typeof(EmotionMetrics))]
    private sealed partial class Generated : JsonSerializerContext;

    [Test]
    public void Prediction_IsWrittenAlike_AndReadBack()
    {
        foreach (var json in (string[])[
            JsonSerializer.Serialize(Prediction), JsonSerializer.Serialize(Prediction, JsonSerializerOptions.Web),
            JsonSerializer.Serialize(Prediction, FerMlJson.Line), JsonSerializer.Serialize(Prediction,
                Generated.Default.EmotionPrediction)])
            Assert.That(json, Is.EqualTo(Expected));
        var read = JsonSerializer.Deserialize<EmotionPrediction>("{\"other\":[1],\"scores\":{\"happy\":0.75,\"sad\":0.25}}")!;
        Assert.That((read.Label, read.Confidence, read.Scores), Is.EqualTo((Prediction.Label, Prediction.Confidence, Prediction.Scores)));
    }

    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"scores\":[]}")]
    [TestCase("{\"scores\":{}}")]
    [TestCase("{\"scores\":{\"a\":\"b\"}}")]
    public void Prediction_OfOtherJson_IsAJsonException(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<EmotionPrediction>(json), Throws.TypeOf<JsonException>());

    [Test]
    public void Evaluation_ItsMetricsAndFaces_AreWrittenWithoutPixels()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var evaluation = EmotionEvaluation.Run(
            predictor, SyntheticFaces.Create(70), new EvaluationOptions { Usages = [Usage.Training] });
        Assert.That(JsonNode.Parse(JsonSerializer.Serialize(evaluation))!.ToJsonString(),
            Is.EqualTo(JsonNode.Parse(evaluation.ToJson())!.ToJsonString()));
        var metrics = JsonNode.Parse(JsonSerializer.Serialize(evaluation.Metrics, Generated.Default.EmotionMetrics))!;
        Assert.That(metrics["accuracy"]!.GetValue<double>(), Is.EqualTo(evaluation.Metrics.Accuracy));
        var face = JsonNode.Parse(JsonSerializer.Serialize(evaluation.Faces[0], JsonSerializerOptions.Web))!;
        Assert.That(face["face"]!["label"]!.GetValue<string>(), Is.EqualTo(evaluation.Faces[0].Face.Label));
        Assert.That(face["prediction"]!["label"], Is.Not.Null);
        Assert.That(() => JsonSerializer.Deserialize<EmotionMetrics>("{}"), Throws.TypeOf<NotSupportedException>());
        Assert.That(JsonSerializer.Serialize(EmotionModel.LoadPretrained().Card!, Generated.Default.ModelCard), Does.Contain("ferplus").Or
            .Contain("anger"));
    }
}
