using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FerMl.Service;

/// <summary>
/// An image of a request. Requests are read into memory, up to their limits, and never into files, as forms usually are: nothing of
/// people's faces is stored.
/// </summary>
/// <param name="Name">What the request calls it.</param>
/// <param name="Bytes">The encoded image.</param>
internal sealed record Upload(string Name, ReadOnlyMemory<byte> Bytes)
{
    private const int LongestName = 200;

    /// <summary>Reads the images of a request: its body, the files of a form, or what JSON holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="core">The limits, and the memory for all uploads, which is given back when the request ends.</param>
    /// <param name="most">The most images.</param>
    /// <exception cref="BadHttpRequestException">There is none, or too many, or one is too large, or there is no room for it.</exception>
    public static async Task<IReadOnlyList<Upload>> ReadAsync(HttpRequest request, ServiceCore core, int most)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var uploads = new List<Upload>();
        var memory = core.UploadMemory.Open();
        request.HttpContext.Response.RegisterForDispose(memory);
        var hasType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        if (hasType && type!.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var json = await ReadBytes(request.Body, "The body", most * JsonUploads.LengthOf(core.Options.MaxImageBytes));
            // Decoded, it is there once more.
            memory.Take(json.Length);
            uploads.AddRange(JsonUploads.Read(json.Span, most, core.Options.MaxImageBytes));
        }
        else if (!hasType || !type!.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            uploads.Add(await Read(request.Body, "image"));
        }
        else
        {
            var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
            if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
                throw new BadHttpRequestException("The form has no boundary, or one that is too long.");
            var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 16_384 };
            try
            {
                while (await reader.ReadNextSectionAsync(cancellation) is { } section)
                {
                    if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition())
                        continue;
                    if (uploads.Count == most)
                        throw new BadHttpRequestException(
                            $"More than {most.Counted("image")} in one request.", StatusCodes.Status413PayloadTooLarge);
                    var name = HeaderUtilities.RemoveQuotes(
                        disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
                    uploads.Add(await Read(section.Body, Shown(name.Value) ?? $"image {uploads.Count + 1}"));
                }
            }
            catch (Exception e) when (e is InvalidDataException || e is IOException and not BadHttpRequestException)
            {
                throw new BadHttpRequestException($"The form can't be read: {e.Message}", e);
            }
        }
        return uploads.Count > 0 ? uploads
            : throw new BadHttpRequestException("There is no image: send one as the body, as a file of a multipart form, or as \"image\" "
                + "in JSON.");

        async Task<Upload> Read(Stream body, string name) => new(name, await ReadBytes(body, name, core.Options.MaxImageBytes));

        async Task<ReadOnlyMemory<byte>> ReadBytes(Stream body, string name, long largest)
        {
            var bytes = new MemoryStream();
            var chunk = new byte[1 << 16];
            for (int count; (count = await body.ReadAsync(chunk, cancellation)) > 0;)
            {
                if (bytes.Length + count > largest)
                    throw TooLarge(name, largest);
                memory.Take(count);
                bytes.Write(chunk, 0, count);
            }
            return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        }
    }

    /// <summary>What is said of an image that is too large.</summary>
    public static BadHttpRequestException TooLarge(string name, long largest) => new(
        $"{name}: larger than the {(largest / 1048576.0).ToTenths()} MiB that are accepted.", StatusCodes.Status413PayloadTooLarge);

    /// <summary>A name that can be shown: no control characters, and not without end.</summary>
    public static string? Shown(string? name)
    {
        var shown = new string([.. (name ?? "").Where(letter => !char.IsControl(letter)).Take(LongestName)]).Trim();
        return shown.Length == 0 ? null : shown;
    }
}
