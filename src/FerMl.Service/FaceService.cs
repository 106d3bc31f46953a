using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.RateLimiting;
using FerMl.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Scalar.AspNetCore;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace FerMl.Service;

/// <summary>
/// FerMl over HTTP: a page for camera, videos and photos, and the endpoints of <c>/v1</c>. The only state is the tracked faces of live
/// sessions; the service stores nothing.
/// </summary>
internal static class FaceService
{
    // Allows slow uploads, but not stalled ones.
    private const double MinBytesPerSecond = 8_192;

    // IPv4 and IPv6: Kestrel has a separate call for both.
    private const string Loopback = "localhost";

    // A page can't add headers to a WebSocket, but it can offer protocols. One of them carries the key in base64url.
    private const string KeyProtocol = "key.";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Builds the service. The caller starts, stops and disposes it.</summary>
    /// <param name="options">The address, the limits and the access rules.</param>
    /// <param name="models">The models and detectors.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">A detector can't be opened.</exception>
    /// <exception cref="IOException">The certificate can't be read.</exception>
    public static WebApplication Build(ServiceOptions options, ServiceModels models)
    {
        OptionsValidator.Check(options);
        // An empty builder, so that no settings file and no environment variable overrides the options.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = nameof(FerMl) });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // The command that starts the service reports startup errors in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        var (addresses, certificate) = (AddressesOf(options.Host), CertificateOf(options));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options, addresses, certificate));
        if (options.Certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var core = new ServiceCore(options, models);
        AddServices(builder.Services, options, core);
        var app = builder.Build();
        Use(app, options);
        return app;
    }

    /// <summary>Starts a service.</summary>
    /// <exception cref="IOException">The service can't listen at its address.</exception>
    public static async Task StartAsync(WebApplication service, ServiceOptions options, CancellationToken cancellation)
    {
        try
        {
            await service.StartAsync(cancellation);
        }
        catch (Exception e) when (e is AddressInUseException or IOException { InnerException: AddressInUseException })
        {
            throw new IOException(
                $"Port {options.Port} of {options.Host} is in use: another program listens there. Give another ServiceOptions.Port, "
                    + "or 0 for a free one.", e);
        }
        catch (SocketException e)
        {
            throw new IOException($"Can't listen at {options.Host}, port {options.Port}: {e.Message}.", e);
        }
    }

    private static void Listen(
        KestrelServerOptions kestrel, ServiceOptions options, IPAddress[] addresses, X509Certificate2? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxImages * JsonUploads.LengthOf(options.MaxImageBytes) + (1 << 20);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBytesPerSecond, Grace);
        kestrel.Limits.RequestHeadersTimeout = Grace;
        kestrel.Limits.MaxConcurrentConnections = 2_000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxViewers + 10;
        // With port 0, IPv4 and IPv6 would get different ports, so listen on IPv4 only.
        if (options.Host == Loopback && options.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0, Secure);
        else if (options.Host == Loopback)
            kestrel.ListenLocalhost(options.Port, Secure);
        foreach (var address in addresses)
            kestrel.Listen(address, options.Port, Secure);

        void Secure(ListenOptions listen)
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }
    }

    private static IPAddress[] AddressesOf(string host)
    {
        if (host is Loopback)
            return [];
        if (host is "*")
            return [IPAddress.IPv6Any];
        try
        {
            return IPAddress.TryParse(host.Trim('[', ']'), out var address) ? [address] : Dns.GetHostAddresses(host);
        }
        catch (SocketException e)
        {
            throw new IOException($"{host}: no address of that name: {e.Message}.", e);
        }
    }

    private static X509Certificate2? CertificateOf(ServiceOptions options)
    {
        if (options.Certificate is not { } file)
            return null;
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(file, options.CertificateKey);
            // Some systems can only serve certificates loaded together with their key from one file.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException e)
        {
            throw new IOException($"{file}: the certificate or its key can't be read: {e.Message}", e);
        }
    }

    private static void AddServices(IServiceCollection services, ServiceOptions options, ServiceCore core)
    {
        services.AddRoutingCore();
        // Registered through a factory, so that the container disposes it after the last request.
        services.AddSingleton(_ => core);
        services.AddSingleton<FaceEndpoints>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context => Explain(context.ProblemDetails, context));
        services.AddExceptionHandler(handler =>
        {
            handler.StatusCodeSelector = StatusOf;
            // Client errors are reported to the client and not logged.
            handler.SuppressDiagnosticsCallback = failed => StatusOf(failed.Exception) < StatusCodes.Status500InternalServerError
                || failed.Exception is BadHttpRequestException;
        });
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new()
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            TimeoutStatusCode = StatusCodes.Status408RequestTimeout,
        });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "10";
                return ValueTask.CompletedTask;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(FaceEndpoints.CallerOf(context), _ => new()
                {
                    TokenLimit = Math.Max(1, options.RequestsPerMinute / 6),
                    TokensPerPeriod = ReplenishmentOf(options.RequestsPerMinute).Tokens,
                    ReplenishmentPeriod = ReplenishmentOf(options.RequestsPerMinute).Period,
                    QueueLimit = 0,
                }));
        });
        // Reject requests under unknown host names (DNS rebinding).
        services.AddHostFiltering(hosts => hosts.AllowedHosts =
            options.IsLoopback && !options.TrustsProxy ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().WithMethods("GET", "HEAD", "POST")));
        services.AddHealthChecks();
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "FerMl";
            document.Info.Version = ThisAssembly.Version;
            document.Info.Description = "Faces in images and their emotions, as networks trained on FER2013 classify them. What a face "
                + "shows is not what a person feels: the answers are not for decisions about people.";
            return Task.CompletedTask;
        }));
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        if (options.TrustsProxy)
            services.Configure<ForwardedHeadersOptions>(forwarded =>
            {
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                    | ForwardedHeaders.XForwardedHost;
                forwarded.KnownIPNetworks.Clear();
                forwarded.KnownProxies.Clear();
            });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
    }

    // The API page uses inline scripts and styles; it may only connect to this service.
    private const string DocsPolicy = "default-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    private static void Use(WebApplication app, ServiceOptions options)
    {
        if (options.TrustsProxy)
            app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            // Set the headers when the response starts, because the error handler clears earlier ones.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.TryAdd("X-Content-Type-Options", "nosniff");
                headers.TryAdd(
                    "Content-Security-Policy", context.Request.Path.StartsWithSegments("/docs") ? DocsPolicy : ApiPolicy);
                headers.TryAdd("Referrer-Policy", "no-referrer");
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseRouting();
        if (options.AllowedOrigins.Count > 0)
            app.UseCors();
        app.UseRateLimiter();
        app.UseRequestTimeouts();
        if (options.ApiKey is { } key)
            app.Use((context, next) => IsOpen(context.Request.Path) || Shows(context, key) ? next(context)
                : throw new BadHttpRequestException(
                    "The API key is missing or wrong; send it as 'X-Api-Key'.", StatusCodes.Status401Unauthorized));
        app.UseWebSockets(new WebSocketOptions
        {
            KeepAliveInterval = TimeSpan.FromSeconds(15),
            KeepAliveTimeout = TimeSpan.FromSeconds(15),
        });
        app.Services.GetRequiredService<FaceEndpoints>().Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapScalarApiReference("/docs", scalar =>
        {
            scalar.Title = "FerMl";
            // No requests to other hosts, and no features of third parties.
            scalar.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton();
            scalar.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        });
        var stopping = app.Lifetime.ApplicationStopping;
        // Live while it responds. Not ready while it shuts down, which connections still open can see.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapMethods("/health", LivePage.GetAndHead, () => stopping.IsCancellationRequested
            ? Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready")).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics").DisableHttpMetrics();
        LivePage.Map(app);
    }

    /// <summary>Whether a path needs no API key: the page, which asks for the key, and the health checks.</summary>
    private static bool IsOpen(PathString path) => !path.StartsWithSegments("/v1") && !path.StartsWithSegments("/metrics");

    /// <summary>The bearer token; null for another scheme. Scheme names are case-insensitive (RFC 9110, 11.1).</summary>
    private static string? BearerIn(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim() : null;

    /// <summary>Whether a request carries the key: in a header, or in a WebSocket protocol, the only place where a browser's page can put
    /// it.</summary>
    private static bool Shows(HttpContext context, string key)
    {
        var headers = context.Request.Headers;
        string?[] shown = [headers["X-Api-Key"], BearerIn(headers.Authorization.ToString()),
            .. context.WebSockets.WebSocketRequestedProtocols.Where(protocol => protocol.StartsWith(KeyProtocol, StringComparison.Ordinal))
                .Select(KeyIn)];
        // Hashes have the same length, so the constant-time comparison leaks nothing about the key.
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return shown.OfType<string>().Any(
            one => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(one)), expected));
    }

    private static string? KeyIn(string protocol)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(protocol.AsSpan(KeyProtocol.Length)));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int StatusOf(Exception e) => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        FaceImageException or VisionException => StatusCodes.Status422UnprocessableEntity,
        OperationCanceledException => StatusCodes.Status408RequestTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Describes an error to the client. Details of internal errors are left out.</summary>
    private static void Explain(ProblemDetails problem, ProblemDetailsContext context)
    {
        var e = context.Exception ?? context.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;
        problem.Detail = e switch
        {
            BadHttpRequestException or FaceImageException or VisionException => e.Message,
            OperationCanceledException => "The request took too long.",
            _ => problem.Status switch
            {
                StatusCodes.Status429TooManyRequests => "Too many requests; see the Retry-After header.",
                StatusCodes.Status404NotFound => "There is nothing at this address; /docs lists the API.",
                _ => problem.Detail,
            },
        };
        problem.Extensions.Remove("traceId");
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.HttpContext.Response.Headers.RetryAfter = "1";
    }

    /// <summary>Tokens and replenishment period that give exactly this rate per minute; the shortest period in whole seconds.</summary>
    internal static (int Tokens, TimeSpan Period) ReplenishmentOf(int perMinute)
    {
        var parts = (int)BigInteger.GreatestCommonDivisor(perMinute, 60);
        return (perMinute / parts, TimeSpan.FromSeconds(60 / parts));
    }
}
