using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>The description and provenance of a trained model, stored as <c>FerMl/card.json</c> in the model file.</summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed record ModelCard : IHtmlValue
{
    /// <summary>The format version that this version writes; it also reads earlier ones.</summary>
    public const int CurrentFormat = 2;

    /// <summary>Format version of the card.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>When the model was trained, in UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Name of the task: <c>seven</c>, <c>eight</c>, <c>three</c>, or labels joined by commas.</summary>
    public required string Task { get; init; }

    /// <summary>The labels in the order of the scores.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Name of the network, such as <c>paper-cnn-bilstm</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Descriptions of the network's layers, from first to last.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>Number of trained parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>MACs for one view of a face.</summary>
    public long MultiplyAdds { get; init; }

    /// <summary>Test-time augmentation, over whose views scores are averaged: None, Flip, Zoom, FiveCrop or TenCrop.</summary>
    public string TestTimeAugmentation { get; init; } = "None";

    /// <summary>How the confidence was calibrated; null if it wasn't.</summary>
    public ModelCalibration? Calibration { get; init; }

    /// <summary>How the convolutions were quantized to int8; null if they are float32.</summary>
    public ModelQuantization? Quantization { get; init; }

    /// <summary>The precision that it was trained in, such as BFloat16.</summary>
    public string? Precision { get; init; }

    /// <summary>The kind of device that it was trained on, such as CPU.</summary>
    public string? Device { get; init; }

    /// <summary>Name of the training run or model that the weights were initialized from; null for random initialization.</summary>
    public string? InitializedFrom { get; init; }

    /// <summary>The teacher models, whose predictions it learned in addition to the labels.</summary>
    public IReadOnlyList<string> Teachers { get; init; } = [];

    /// <summary>The models that an ensemble averages; empty for a single model.</summary>
    public IReadOnlyList<ModelCard> Members { get; init; } = [];

    /// <summary>All training options.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>The data: source, number of faces, fingerprint.</summary>
    public ModelData? Data { get; init; }

    /// <summary>
    /// The faces of the validation split, each identified by a hash that only pixel-identical faces share (half of their SHA-256 in
    /// hexadecimal). Training that is initialized from the model holds them out again. The list has its own entry in the model file because
    /// of its length; it is empty in older models that don't record it.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> HeldOut { get; init; } = [];

    /// <summary>Trained epochs, and the epoch whose weights were kept, counted from 1.</summary>
    public ModelTraining? Training { get; init; }

    /// <summary>Versions of the program and libraries used for training.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a card of this version or an earlier one.</summary>
    /// <exception cref="JsonException">The text isn't a card, or is one of a newer version.</exception>
    public static ModelCard FromJson(ReadOnlySpan<byte> utf8)
    {
        var text = new JsonDocumentOptions { MaxDepth = FerMlJson.Options.MaxDepth, AllowDuplicateProperties = false };
        if (JsonNode.Parse(utf8, documentOptions: text) is not JsonObject json)
            throw new JsonException("The card is null, or not an object.");
        var card = Complete(FormerNames.Card(json)).Deserialize(FerMlJson.TypeOf<ModelCard>())!;
        if (card.Format is < 1 or > CurrentFormat)
            throw new JsonException(
                $"The card has the format {card.Format}; this version of FerMl reads 1 to {CurrentFormat}. Update FerMl.");
        if (!card.IsComplete)
            throw new JsonException("The card lacks a text or a list, has null in one, or names a label twice.");
        return card.Format == CurrentFormat ? card : card.Upgraded();
    }

    /// <summary>
    /// Adds properties that earlier versions didn't write. Source-generated JSON code sets missing properties to null and ignores their
    /// initializers.
    /// </summary>
    private static JsonObject Complete(JsonObject card)
    {
        foreach (var list in (string[])["layers", "teachers", "members"])
            card.TryAdd(list, new JsonArray());
        card.TryAdd("versions", new JsonObject());
        card.TryAdd("testTimeAugmentation", "None");
        card.TryAdd("format", CurrentFormat);
        if (card["members"] is JsonArray members)
            foreach (var member in members.OfType<JsonObject>())
                Complete(member);
        return card;
    }

    /// <summary>Whether no required property is null, which JSON allows.</summary>
    private bool IsComplete => Task is not null && Network is not null && TestTimeAugmentation is not null && Versions is not null
        && !Versions.Values.Contains(null!) && (Data is null or { Source: not null, Fingerprint: not null }) && Labels is not null
        && !Labels.Contains(null!) && Labels.Distinct().Count() == Labels.Count && Layers is not null && !Layers.Contains(null!)
        && Teachers is not null && !Teachers.Contains(null!) && Members is not null
        && Members.All(member => member is { IsComplete: true });

    /// <summary>The card with the current names of options and layers.</summary>
    private ModelCard Upgraded() => this with
    {
        Format = CurrentFormat,
        Layers = [.. Layers.Select(FormerNames.Layer)],
        Options = Options is null ? null : FormerNames.Recipe(Options),
        Members = [.. Members.Select(member => member.Upgraded())],
    };

    /// <summary>The card as indented JSON with names in camel case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, FerMlJson.TypeOf<ModelCard>());

    /// <summary>Formats the description of the model and its training as HTML for notebooks.</summary>
    public string ToHtml() => HtmlTable.Of($"{Network}, {Task}", ["", ""], new (string Name, string? Value)[]
    {
        ("labels", string.Join(", ", Labels)),
        ("parameters", Parameters.ToString("N0", CultureInfo.InvariantCulture)),
        ("MACs per face", MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture)),
        ("test-time augmentation", TestTimeAugmentation),
        ("temperature", Calibration?.Temperature.ToString("F3", CultureInfo.InvariantCulture)),
        ("precision of convolutions", Quantization is null ? "float32" : "int8"),
        ("epochs", Training?.Epochs.ToString(CultureInfo.InvariantCulture)),
        ("validation accuracy", Training?.ValidationAccuracy?.ToString("P1", CultureInfo.InvariantCulture)),
        ("trained on", Data?.Source),
        ("annotation", Data?.Annotation),
    }.Where(row => row.Value is not null).Select(row => (string[])[row.Name, row.Value!]));
}
