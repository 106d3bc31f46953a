using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FerMl;

/// <summary>FerMl's JSON options: property and enum names in camel case; NaN and infinity as null.</summary>
public static class FerMlJson
{
    /// <summary>Indented JSON, for files and <c>--json</c> output.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: true);

    /// <summary>JSON without line breaks, for files with one object per line.</summary>
    public static JsonSerializerOptions Line { get; } = Make(indented: false);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            MaxDepth = 32,
            AllowDuplicateProperties = false,
            NumberHandling = JsonNumberHandling.Strict,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new FiniteOrNullConverter());
        options.TypeInfoResolverChain.Add(FerMlJsonContext.Default);
        if (JsonSerializer.IsReflectionEnabledByDefault)
            AddReflection(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>The source-generated JSON metadata of a type that <see cref="FerMlJsonContext"/> lists.</summary>
    internal static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>Adds reflection for all other types, in programs that aren't trimmed.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where reflection is there.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where reflection is there.")]
    private static void AddReflection(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }

    /// <summary>Writes NaN and infinity as null, since JSON lacks them, and reads null as NaN.</summary>
    private sealed class FiniteOrNullConverter : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
