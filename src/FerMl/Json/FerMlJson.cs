using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FerMl;

/// <summary>How FerMl writes JSON: indented, names in camel case, enumerations by name, numbers that JSON lacks as null.</summary>
public static class FerMlJson
{
    /// <summary>For files and <c>--json</c> output.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: true);

    /// <summary>For files with one object a line.</summary>
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

    /// <summary>How JSON is written and read of a type that FerMl names itself (<see cref="FerMlJsonContext"/>).</summary>
    internal static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>For all other types, in programs that are whole.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where reflection is there.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where reflection is there.")]
    private static void AddReflection(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
    }

    /// <summary>JSON has no NaN and no infinity; a figure that does not exist is null there, and NaN when read back.</summary>
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
