using System.Text.Json;
using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>A converter for results that are written as JSON but not read back.</summary>
/// <typeparam name="T">The type of the results.</typeparam>
public abstract class WriteOnlyConverter<T> : JsonConverter<T>
{
    private protected WriteOnlyConverter()
    {
    }

    /// <summary>Not supported: the original object can't be restored from the results.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeof(T).Name} can be written as JSON, but not read; read the values from the JSON itself.");
}
