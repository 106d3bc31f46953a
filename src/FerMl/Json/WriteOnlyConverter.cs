using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>What is written as JSON for others to read, and isn't read back.</summary>
/// <typeparam name="T">What is written.</typeparam>
public abstract class WriteOnlyConverter<T> : JsonConverter<T>
{
    private protected WriteOnlyConverter()
    {
    }

    /// <summary>Not supported: there is no way back from the figures to what they were made of.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeof(T).Name} is written as JSON and not read back; read the figures from the JSON itself.");
}
