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
/// FerMl over HTTP: a page that looks at a browser's camera, and the requests of <c>/v1</c>. It keeps no state but the faces of those who
/// look at live video, and stores nothing.
/// </summary>
internal static class FaceService
{
    // A viewer's upload may be slow, but not without end.
    private const double MinBytesPerSecond = 8_192;

    // Both kinds of addresses, which Kestrel has a call of its own for.
    private const string Loopback = "localhost";

    // A page can't add headers to a WebSocket, but it can name protocols: the key as base64url comes as one of them.
    private const string KeyProtocol = "key.";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Builds the service; its caller starts it, stops it and disposes of it.</summary>
    /// <param name="options">Where it listens, and what it lets in.</param>
    /// <param name="models">What it works with.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">A detector can't be opened.</exception>
    /// <exception cref="IOException">The certificate can't be read.</exception>
    public static WebApplication Build(ServiceOptions options, ServiceModels models)
    {
        OptionsValidator.Check(options);
        // Empty: no file of the current folder and no variable changes what the options say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = nameof(FerMl) });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning)
            // What keeps it from starting is told by whoever started it, in a line.
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

    /// <summary>Starts a service that was built.</summary>
    /// <exception cref="IOException">It can't listen where it is to.</exception>
    public static async Task StartAsync(WebApplication service, ServiceOptions options, CancellationToken cancellation)
    {
        try
        {
            await service.StartAsync(cancellation);
        }
        catch (Exception e) when (e is AddressInUseException or IOException { InnerException: AddressInUseException })
        {
            throw new IOException(
                $"Port {options.Port} of {options.Host} is in use: another program listens there. Give another ServiceOptions.Port, or 0 "
                    + $"for "
                    + $"a free one.", e);
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
        // A free port would be another one for each kind of address.
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
            // Some systems serve only certificates that came with their keys in one file.
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
        // Made and so disposed of by the container, after the last request.
        services.AddSingleton(_ => core);
        services.AddSingleton<FaceEndpoints>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = context => Explain(context.ProblemDetails, context));
        services.AddExceptionHandler(handler =>
        {
            handler.StatusCodeSelector = StatusOf;
            // What a caller does wrong is the caller's to hear.
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
        // A page elsewhere whose name leads here gets no answer (DNS rebinding).
        services.AddHostFiltering(hosts => hosts.AllowedHosts =
            options.IsLoopback && !options.TrustsProxy ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().WithMethods("GET", "HEAD", "POST")));
        services.AddHealthChecks();
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "FerMl";
            document.Info.Version = ThisAssembly.Version;
            document.Info.Description = "Faces in images and their emotions, as networks trained on FER2013 see them. What a face shows "
                + "is not what a person feels: the answers are not for decisions about people.";
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

    // The page of the API has its program and styles within it; it may ask this service only.
    private const string DocsPolicy = "default-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    private static void Use(WebApplication app, ServiceOptions options)
    {
        if (options.TrustsProxy)
            app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            // At the very end: what answers an error begins with no headers.
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
            // Nothing is asked of other machines, and nothing is offered that isn't FerMl's.
            scalar.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton();
            scalar.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        });
        var stopping = app.Lifetime.ApplicationStopping;
        // Alive as long as it answers; ready until it is to stop, for those whose connection outlives that moment.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapMethods("/health", LivePage.GetAndHead, () => stopping.IsCancellationRequested
            ? Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready")).ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics").DisableHttpMetrics();
        LivePage.Map(app);
    }

    /// <summary>What needs no key: the page, which asks for it, and what a machine looks at to see whether the service lives.</summary>
    private static bool IsOpen(PathString path) => !path.StartsWithSegments("/v1") && !path.StartsWithSegments("/metrics");

    /// <summary>What is behind the scheme, whose name may be in any case (RFC 9110, 11.1); null for another scheme.</summary>
    private static string? BearerIn(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? authorization["Bearer ".Length..].Trim() : null;

    /// <summary>Whether a request shows the key: in a header, or in the protocol of a WebSocket, which is all that browsers let a page say
    /// there.</summary>
    private static bool Shows(HttpContext context, string key)
    {
        var headers = context.Request.Headers;
        string?[] shown = [headers["X-Api-Key"], BearerIn(headers.Authorization.ToString()),
            .. context.WebSockets.WebSocketRequestedProtocols.Where(protocol => protocol.StartsWith(KeyProtocol, StringComparison.Ordinal))
                .Select(KeyIn)];
        // Hashes are of one length, and are compared in a time that tells nothing.
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

    /// <summary>Says what is wrong with a request, and of the service's own faults only that there is one.</summary>
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
                StatusCodes.Status404NotFound => "There is nothing at this address; /docs shows what there is.",
                _ => problem.Detail,
            },
        };
        problem.Extensions.Remove("traceId");
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.HttpContext.Response.Headers.RetryAfter = "1";
    }

    /// <summary>How many tokens after how long give so many a minute exactly: the shortest time in whole seconds.</summary>
    internal static (int Tokens, TimeSpan Period) ReplenishmentOf(int perMinute)
    {
        var parts = (int)BigInteger.GreatestCommonDivisor(perMinute, 60);
        return (perMinute / parts, TimeSpan.FromSeconds(60 / parts));
    }
}
