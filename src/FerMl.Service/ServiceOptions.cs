using System.ComponentModel.DataAnnotations;

namespace FerMl.Service;

/// <summary>The address, the limits and the access rules of a service.</summary>
internal sealed record ServiceOptions : IValidatableObject
{
    /// <summary>The address to listen on: a host name or IP address of this machine, or <c>*</c> for all. Default: localhost, reachable
    /// from this machine only.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The port, 0 to 65535; 0 selects a free one. Default: 5080.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; } = 5080;

    /// <summary>The API key that requests need, or null for none: 8 or more ASCII characters without spaces. Default: null.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The certificate for HTTPS as a PEM file, or null for HTTP. Default: null.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's private key as a PEM file. Default: the certificate's own file.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Maximum size of an image in bytes, 1,024 to 64 MiB. Default: 16 MiB.</summary>
    [Range(1024, ImageDecoder.MaxEncodedBytes)]
    public int MaxImageBytes { get; init; } = 16 << 20;

    /// <summary>Maximum number of pixels of an image, 2,304 to 50 million. Default: 50 million.</summary>
    [Range(FaceResampler.PixelCount, FaceResampler.MaxImagePixels)]
    public int MaxImagePixels { get; init; } = FaceResampler.MaxImagePixels;

    /// <summary>Maximum number of images per request, 1 to 1,000. Default: 32.</summary>
    [Range(1, 1_000)]
    public int MaxImages { get; init; } = 32;

    /// <summary>Maximum number of concurrent live sessions, 0 to 10,000. Default: 200.</summary>
    [Range(0, 10_000)]
    public int MaxViewers { get; init; } = 200;

    /// <summary>Maximum number of requests per minute and caller, 1 to 10 million. Default: 6,000.</summary>
    [Range(1, 10_000_000)]
    public int RequestsPerMinute { get; init; } = 6_000;

    /// <summary>Timeout of a request in seconds, including its upload, 1 to 3,600. Default: 30.</summary>
    [Range(1.0, 3_600.0)]
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>Whether to trust the <c>X-Forwarded-For</c> header of a reverse proxy. Default: no.</summary>
    public bool TrustsProxy { get; init; }

    /// <summary>
    /// Origins of other sites whose pages may call the service from a browser (CORS), such as <c>https://example.org</c>. Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether the service is reachable from this machine only.</summary>
    public bool IsLoopback => Host is "localhost" or "127.0.0.1" or "::1" or "[::1]";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return new ValidationResult("The host is empty; give a name or IP address of this machine, or * for all.");
        foreach (var origin in AllowedOrigins)
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                || uri.GetLeftPart(UriPartial.Authority) != origin)
                yield return new ValidationResult(
                    $"'{origin}' isn't an origin; give scheme and host only, such as https://example.org.");
        if (ApiKey is { Length: < 8 })
            yield return new ValidationResult("The API key is shorter than 8 characters; give a longer one.");
        if (ApiKey?.Any(letter => letter is <= ' ' or > '~') ?? false)
            yield return new ValidationResult(
                "The API key has characters that aren't allowed in headers; use ASCII letters, digits and punctuation.");
        if (CertificateKey is not null && Certificate is null)
            yield return new ValidationResult("There is a certificate's key but no certificate; give both.");
    }
}
