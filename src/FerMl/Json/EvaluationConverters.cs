using System.Text.Json;

namespace FerMl;

/// <summary>Writes an evaluation as the JSON of <see cref="EvaluationJson.ToJson"/>.</summary>
public sealed class EmotionEvaluationConverter : WriteOnlyConverter<EmotionEvaluation>
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EmotionEvaluation value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, EvaluationDocument.Of(value), FerMlJson.TypeOf<EvaluationDocument>());
}

/// <summary>Writes metrics as those properties of <see cref="EvaluationJson.ToJson"/> that don't depend on a data set.</summary>
public sealed class EmotionMetricsConverter : WriteOnlyConverter<EmotionMetrics>
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EmotionMetrics value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, MetricsDocument.Of(value), FerMlJson.TypeOf<MetricsDocument>());
}

/// <summary>Writes a face of a data set as <c>{"id": ..., "label": ..., "usage": ...}</c>, without its pixels.</summary>
public sealed class FaceSampleConverter : WriteOnlyConverter<FaceSample>
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FaceSample value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("id", value.Id);
        writer.WriteString("label", value.Label);
        writer.WriteString("usage", value.Usage.ToString());
        writer.WriteEndObject();
    }
}
