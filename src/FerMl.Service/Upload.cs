using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FerMl.Service;

/// <summary>
/// An uploaded image. Requests are read into memory, up to the limits, and never buffered in files as forms usually are, so that no face
/// is ever stored.
/// </summary>
/// <param name="Name">Its name in the request.</param>
/// <param name="Bytes">The encoded image.</param>
internal sealed record Upload(string Name, ReadOnlyMemory<byte> Bytes)
{
    private const int LongestName = 200;

    /// <summary>Reads the images of a request: the body itself, the files of a form, or the images in JSON.</summary>
    /// <param name="request">The request.</param>
    /// <param name="core">The limits, and the shared upload memory, which is released when the request ends.</param>
    /// <param name="maxImages">Maximum number of images.</param>
    /// <exception cref="BadHttpRequestException">There is no image, too many, one is too large, or the memory is exhausted.</exception>
    public static async Task<IReadOnlyList<Upload>> ReadAsync(HttpRequest request, ServiceCore core, int maxImages)
    {
        var cancellation = request.HttpContext.RequestAborted;
        var uploads = new List<Upload>();
        var memory = MemoryOf(request, core);
        var hasType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        if (hasType && type!.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var json = await ReadBytes(request.Body, "The body", maxImages * JsonUploads.LengthOf(core.Options.MaxImageBytes));
            // The decoded images need memory in addition to the JSON.
            memory.Take(json.Length);
            uploads.AddRange(JsonUploads.Read(json.Span, maxImages, core.Options.MaxImageBytes));
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
                    if (uploads.Count == maxImages)
                        throw new BadHttpRequestException(
                            $"More than {maxImages.Counted("image")} in one request.", StatusCodes.Status413PayloadTooLarge);
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

        Task<ReadOnlyMemory<byte>> ReadBytes(Stream body, string name, long maxBytes) =>
            Upload.ReadBytes(body, name, maxBytes, memory, cancellation);
    }

    /// <summary>Reads a request body that isn't an image, up to the maximum image size.</summary>
    /// <param name="request">The request.</param>
    /// <param name="core">The limits, and the shared upload memory, which is released when the request ends.</param>
    /// <param name="name">Name of the body in error messages.</param>
    /// <exception cref="BadHttpRequestException">The body is too large, or the memory is exhausted.</exception>
    public static Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, ServiceCore core, string name) =>
        ReadBytes(request.Body, name, core.Options.MaxImageBytes, MemoryOf(request, core), request.HttpContext.RequestAborted);

    private static UploadMemory.Share MemoryOf(HttpRequest request, ServiceCore core)
    {
        var memory = core.UploadMemory.Open();
        request.HttpContext.Response.RegisterForDispose(memory);
        return memory;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytes(
        Stream body, string name, long maxBytes, UploadMemory.Share memory, CancellationToken cancellation)
    {
        var bytes = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int count; (count = await body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (bytes.Length + count > maxBytes)
                throw TooLarge(name, maxBytes);
            memory.Take(count);
            bytes.Write(chunk, 0, count);
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>The error for an image that is too large.</summary>
    public static BadHttpRequestException TooLarge(string name, long maxBytes) => new(
        $"{name}: larger than the limit of {(maxBytes / 1048576.0).ToTenths()} MiB.", StatusCodes.Status413PayloadTooLarge);

    /// <summary>A name safe to display: without control characters and limited in length; null if nothing remains.</summary>
    public static string? Shown(string? name)
    {
        var shown = new string([.. (name ?? "").Where(letter => !char.IsControl(letter)).Take(LongestName)]).Trim();
        return shown.Length == 0 ? null : shown;
    }
}
