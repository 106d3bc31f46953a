using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FerMl.Service;

/// <summary>
/// Images in a JSON body, as base64 (RFC 4648, section 4) or as a data URL (RFC 2397): <c>{"image": "...", "name": "a.jpg"}</c>, or
/// <c>{"images": ["...", {"image": "...", "name": "b.jpg"}]}</c>. Other properties are ignored.
/// </summary>
internal static class JsonUploads
{
    /// <summary>Maximum length in bytes of the JSON for an image of this size: base64 encodes 3 bytes as 4, plus line breaks.</summary>
    public static long LengthOf(long imageBytes) => imageBytes / 3 * 4 + imageBytes / 16 + 4_096;

    /// <summary>Reads the images of a request body.</summary>
    /// <param name="json">The body.</param>
    /// <param name="maxImages">Maximum number of images.</param>
    /// <param name="maxBytes">Maximum size of an image in bytes.</param>
    /// <exception cref="BadHttpRequestException">The JSON is invalid, or has too many images or one that is too large.</exception>
    public static IReadOnlyList<Upload> Read(ReadOnlySpan<byte> json, int maxImages, int maxBytes)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            return [.. Images(ref reader, maxImages, maxBytes).Select(
                (image, i) => new Upload(Upload.Shown(image.Name) ?? (i == 0 ? "image" : $"image {i + 1}"), image.Bytes))];
        }
        catch (InvalidOperationException e)
        {
            // Strings with invalid UTF-8 or unpaired surrogates.
            throw new BadHttpRequestException("The body has an invalid string: not UTF-8, or an unpaired surrogate.", e);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException(
                $"The body isn't JSON (line {(e.LineNumber ?? 0) + 1}); expected {{\"image\": \"<base64 or data URL>\"}}.", e);
        }
    }

    /// <summary>The images of an object: its own, or those of its list.</summary>
    private static List<(string? Name, byte[] Bytes)> Images(ref Utf8JsonReader reader, int maxImages, int maxBytes)
    {
        var found = new List<(string?, byte[])>();
        byte[]? own = null;
        string? name = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new BadHttpRequestException("The body is JSON, but not an object with \"image\" or \"images\".");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isImage, isName, isList) = (reader.ValueTextEquals("image"), reader.ValueTextEquals("name"),
                reader.ValueTextEquals("images"));
            reader.Read();
            if (isImage)
                own = Decode(ref reader, maxBytes);
            else if (isName && reader.TokenType == JsonTokenType.String)
                name = reader.GetString();
            else if (isList && reader.TokenType == JsonTokenType.StartArray)
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (found.Count == maxImages)
                        throw TooMany(maxImages);
                    if (reader.TokenType == JsonTokenType.String)
                        found.Add((null, Decode(ref reader, maxBytes)));
                    else
                        // An item must hold exactly one image, so that answers match the order of the request.
                        found.Add(Images(ref reader, 1, maxBytes) is [var item] ? item
                            : throw new BadHttpRequestException($"Item {found.Count + 1} of \"images\" has no \"image\"."));
                }
            else
                reader.Skip();
        }
        if (own is not null)
            found.Insert(0, (name, own));
        return found.Count > maxImages ? throw TooMany(maxImages) : found;
    }

    private static BadHttpRequestException TooMany(int maxImages) => new(
        $"More than {maxImages.Counted("image")} in one request.", StatusCodes.Status413PayloadTooLarge);

    private static byte[] Decode(ref Utf8JsonReader reader, int maxBytes)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new BadHttpRequestException("\"image\" must be a string: the image as base64, or as a data URL.");
        if (reader.ValueSpan.Length > LengthOf(maxBytes))
            throw Upload.TooLarge("image", maxBytes);
        // Escapes such as \/ only make a string longer, so the unescaped text fits.
        var text = new byte[reader.ValueSpan.Length];
        var base64 = text.AsSpan(0, reader.CopyString(text));
        if (base64.StartsWith("data:"u8))
        {
            var comma = base64.IndexOf((byte)',');
            if (comma < 0 || !base64[..comma].EndsWith(";base64"u8))
                throw new BadHttpRequestException("The data URL isn't base64; expected data:image/jpeg;base64,...");
            base64 = base64[(comma + 1)..];
        }
        if (Base64.DecodeFromUtf8InPlace(base64, out var count) != OperationStatus.Done)
            throw new BadHttpRequestException("The image isn't base64; expected letters, digits, + and /, padded with =.");
        return count > maxBytes ? throw Upload.TooLarge("image", maxBytes) : base64[..count].ToArray();
    }
}
