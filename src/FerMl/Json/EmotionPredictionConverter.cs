using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>
/// Converts predictions to and from JSON, independent of the program's options: <c>{"label": "happy", "confidence": 0.93, "scores":
/// {"anger": 0.01, ...}}</c>, as in 'ferml serve' and 'ferml predict'.
/// </summary>
public sealed class EmotionPredictionConverter : JsonConverter<EmotionPrediction>
{
    private const string Scores = "scores";

    /// <inheritdoc/>
    public override EmotionPrediction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A prediction is an object with scores.");
        EmotionPrediction? prediction = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isScores = reader.ValueTextEquals(Scores);
            reader.Read();
            if (isScores)
                prediction = ReadScores(ref reader);
            else
                reader.Skip();
        }
        return prediction ?? throw new JsonException("A prediction has scores: an object of labels and their probabilities.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, EmotionPrediction value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        WriteProperties(writer, value);
        writer.WriteEndObject();
    }

    /// <summary>Writes a prediction's properties into an object with other properties.</summary>
    internal static void WriteProperties(Utf8JsonWriter writer, EmotionPrediction prediction)
    {
        writer.WriteString("label", prediction.Label);
        writer.WriteNumber("confidence", prediction.Confidence);
        writer.WriteStartObject(Scores);
        foreach (var (label, score) in prediction.Scores)
            writer.WriteNumber(label, score);
        writer.WriteEndObject();
    }

    /// <summary>Reads the object of labels and probabilities.</summary>
    internal static EmotionPrediction ReadScores(ref Utf8JsonReader reader)
    {
        var (labels, scores) = (new List<string>(), new List<float>());
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Scores are an object of labels and their probabilities.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            labels.Add(reader.GetString()!);
            reader.Read();
            scores.Add(reader.TokenType == JsonTokenType.Number ? reader.GetSingle() : float.NaN);
        }
        try
        {
            return new EmotionPrediction(labels, [.. scores]);
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
