using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerMl.Training;

/// <summary>
/// Identifies a training, so that it isn't resumed as a different one: recipe, layers, precision and data. Options that an earlier version
/// lacked count as their defaults, which keep the earlier behavior, so that old runs stay resumable.
/// </summary>
/// <param name="Recipe">All options.</param>
/// <param name="Layers">The network's layers.</param>
/// <param name="Precision">The number type of the computation.</param>
/// <param name="Data">Fingerprint of pixels and targets.</param>
internal sealed record TrainingSignature(JsonObject Recipe, string Layers, string Precision, string Data)
{
    private const string Separator = "; ";

    /// <summary>
    /// The option for the saved model's test-time augmentation. It doesn't affect training: runs stay resumable if a preset changes it.
    /// </summary>
    private static readonly string Views = JsonNamingPolicy.CamelCase.ConvertName(nameof(EmotionTrainerOptions.TestTimeAugmentation));

    public static TrainingSignature Of(FaceNetwork network, TrainingSet set, EmotionTrainerOptions options) => new(
        JsonSerializer.SerializeToNode(options, FerMlJson.Line)!.AsObject(), string.Join(Separator, network.Definition.Layers),
        network.ComputeType.ToString(), set.Fingerprint());

    /// <summary>Parses the output of <see cref="ToString"/>, from this version or an earlier one.</summary>
    /// <exception cref="JsonException">The text isn't a signature.</exception>
    public static TrainingSignature Parse(string text)
    {
        var signature = text.Split('\n') is [var recipe, var layers, var precision, var data]
            ? new TrainingSignature(
                JsonSerializer.Deserialize<JsonObject>(recipe, FerMlJson.Line) ?? throw new JsonException("it has no options"), layers,
                precision, data)
            : JsonSerializer.Deserialize<TrainingSignature>(text, FerMlJson.Line) ?? throw new JsonException("the signature is null");
        if (signature is not { Recipe: not null, Layers: not null, Precision: not null, Data: not null })
            throw new JsonException("the signature is not complete");
        // Deserialize the options, so that missing ones get their defaults.
        var options = FormerNames.Recipe(signature.Recipe).Deserialize<EmotionTrainerOptions>(FerMlJson.Line);
        return signature with
        {
            Recipe = JsonSerializer.SerializeToNode(options, FerMlJson.Line)!.AsObject(),
            Layers = FormerNames.Layer(signature.Layers),
        };
    }

    /// <summary>Readable descriptions of the differences from another training; empty if there are none.</summary>
    public IReadOnlyList<string> DifferencesFrom(TrainingSignature other) =>
    [
        .. Recipe.Where(option => option.Key != Views && !JsonNode.DeepEquals(option.Value, other.Recipe[option.Key]))
            .Select(option => $"{option.Key} was {Text(other.Recipe[option.Key])} and is {Text(option.Value)}"),
        .. Layers == other.Layers ? (string[])[] : ["its layers differ"],
        .. Precision == other.Precision ? (string[])[] : [$"it was trained in {other.Precision}, not {Precision}"],
        .. Data == other.Data ? (string[])[] : ["its data differ"],
    ];

    public override string ToString() => JsonSerializer.Serialize(this, FerMlJson.Line);

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "nothing";
}
