using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerMl.Training;

/// <summary>
/// What a training is, so that it isn't resumed as another one: recipe, layers, precision and data. Options that an earlier version didn't
/// have count as their defaults, which mean "as before", so that new options don't end the resuming of old runs.
/// </summary>
/// <param name="Recipe">The options, in full.</param>
/// <param name="Layers">The network's layers.</param>
/// <param name="Precision">The type of the numbers that are computed with.</param>
/// <param name="Data">Fingerprint of pixels and targets.</param>
internal sealed record TrainingSignature(JsonObject Recipe, string Layers, string Precision, string Data)
{
    private const string Separator = "; ";

    /// <summary>
    /// How the saved model looks at faces, which changes nothing that is trained; so a preset may look in other ways than it did when a run
    /// was begun.
    /// </summary>
    private static readonly string Views = JsonNamingPolicy.CamelCase.ConvertName(nameof(EmotionTrainerOptions.TestTimeAugmentation));

    public static TrainingSignature Of(FaceNetwork network, TrainingSet set, EmotionTrainerOptions options) => new(
        JsonSerializer.SerializeToNode(options, FerMlJson.Line)!.AsObject(), string.Join(Separator, network.Definition.Layers),
        network.ComputeType.ToString(), set.Fingerprint());

    /// <summary>Reads what <see cref="ToString"/> wrote, in this version or an earlier one.</summary>
    /// <exception cref="JsonException">It is no signature.</exception>
    public static TrainingSignature Parse(string text)
    {
        var signature = text.Split('\n') is [var recipe, var layers, var precision, var data]
            ? new TrainingSignature(
                JsonSerializer.Deserialize<JsonObject>(recipe, FerMlJson.Line) ?? throw new JsonException("it has no options"), layers,
                precision, data)
            : JsonSerializer.Deserialize<TrainingSignature>(text, FerMlJson.Line) ?? throw new JsonException("the signature is null");
        if (signature is not { Recipe: not null, Layers: not null, Precision: not null, Data: not null })
            throw new JsonException("the signature is not complete");
        // Through the record, so that what is missing gets its default.
        var options = FormerNames.Recipe(signature.Recipe).Deserialize<EmotionTrainerOptions>(FerMlJson.Line);
        return signature with
        {
            Recipe = JsonSerializer.SerializeToNode(options, FerMlJson.Line)!.AsObject(),
            Layers = FormerNames.Layer(signature.Layers),
        };
    }

    /// <summary>What differs from another training, for people; empty where nothing does.</summary>
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
