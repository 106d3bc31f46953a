using System.Text.Json;
using System.Text.Json.Serialization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Converts a face with its emotion to and from JSON, as 'ferml serve' responds: <c>{"id": 1, "box": [x, y, width, height], "faceScore":
/// 0.98, "roll": 2, "label": "happy", "confidence": 0.93, "scores": {...}}</c>.
/// </summary>
public sealed class FaceResultConverter : JsonConverter<FaceResult>
{
    /// <inheritdoc/>
    public override FaceResult Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (face, id, scores) = (default(FoundFace), 0, (EmotionPrediction?)null);
        FaceJson.ReadProperties(ref reader, (ref reader, name) =>
        {
            if (name == "id")
                id = reader.GetInt32();
            else if (name == "scores")
                scores = EmotionPredictionConverter.ReadScores(ref reader);
            else
                return FaceJson.TryRead(ref reader, name, ref face);
            return true;
        });
        return new FaceResult(id, face.Box, scores ?? throw new JsonException("A face needs scores: labels and their probabilities."))
        {
            Score = face.Score,
            Roll = face.Roll,
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FaceResult value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteNumber("id", value.Id);
        FaceJson.Write(writer, new FoundFace(value.Box, value.Score, value.Roll));
        EmotionPredictionConverter.WriteProperties(writer, value.Prediction);
        writer.WriteEndObject();
    }
}

/// <summary>Converts a detected face to and from JSON: <c>{"box": [x, y, width, height], "faceScore": 0.98, "roll": 2}</c>.</summary>
public sealed class FoundFaceConverter : JsonConverter<FoundFace>
{
    /// <inheritdoc/>
    public override FoundFace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var face = default(FoundFace);
        FaceJson.ReadProperties(ref reader, (ref reader, name) => FaceJson.TryRead(ref reader, name, ref face));
        return face;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FoundFace value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        FaceJson.Write(writer, value);
        writer.WriteEndObject();
    }
}

/// <summary>The JSON properties that both converters share.</summary>
internal static class FaceJson
{
    public delegate bool Property(ref Utf8JsonReader reader, string name);

    public static void Write(Utf8JsonWriter writer, FoundFace face)
    {
        writer.WriteStartArray("box");
        foreach (var side in (ReadOnlySpan<int>)[face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height])
            writer.WriteNumberValue(side);
        writer.WriteEndArray();
        writer.WriteNumber("faceScore", face.Score);
        writer.WriteNumber("roll", face.Roll);
    }

    public static void ReadProperties(ref Utf8JsonReader reader, Property read)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A face must be an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!read(ref reader, name))
                reader.Skip();
        }
    }

    public static bool TryRead(ref Utf8JsonReader reader, string name, ref FoundFace face)
    {
        switch (name)
        {
            case "faceScore":
                face = face with { Score = reader.GetSingle() };
                return true;
            case "roll":
                face = face with { Roll = reader.GetSingle() };
                return true;
            case "box":
                var sides = new List<int>();
                while (reader.Read() && reader.TokenType == JsonTokenType.Number && sides.Count < 5)
                    sides.Add(reader.GetInt32());
                face = face with
                {
                    Box = sides is [var x, var y, var width, var height] ? new Rect(x, y, width, height)
                        : throw new JsonException("A box must be four numbers: x, y, width, height."),
                };
                return true;
            default:
                return false;
        }
    }
}
