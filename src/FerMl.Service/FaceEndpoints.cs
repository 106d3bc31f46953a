using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FerMl.Service;

/// <summary>The endpoints under <c>/v1</c>.</summary>
internal sealed class FaceEndpoints(ServiceCore core, IHostApplicationLifetime lifetime)
{
    private const string Protocol = "ferml.v1";

    private static readonly string[] ImageTypes =
        ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff", "multipart/form-data", "application/json",
            "*/*"];

    private readonly CallerSlots _viewers = new(core.Options.MaxViewers);

    public void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("FerMl").ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapMethods("/model", [HttpMethods.Head], Model).ExcludeFromDescription();
        group.MapGet("/model", Model).WithName("model").WithSummary("The models, and the labels that they predict.")
            .WithDescription("Requests choose a model by ?model=name; without it the default model is used.");
        Uploads(group.MapPost("/faces", FacesAsync)).WithName("faces").WithSummary("The faces of a photo and their emotions.")
            .WithDescription("The body is the image, a form with one file, or JSON: {\"image\": base64 or data URL}. Nothing is "
                + "stored.").Produces<PhotoAnswer>();
        Uploads(group.MapPost("/emotion", EmotionAsync)).WithName("emotion")
            .WithSummary("The emotion of one face that fills its image.")
            .WithDescription("The body is the image, a form with one file, or JSON: {\"image\": base64 or data URL}. Nothing is "
                + "stored.").Produces<EmotionAnswer>();
        Uploads(group.MapPost("/faces/batch", BatchAsync)).WithName("batch").WithSummary("The faces of several photos.")
            .WithDescription($"A form with up to {core.Options.MaxImages} files, or JSON: {{\"images\": [...]}}. An unreadable one "
                + "doesn't affect the others.")
            .Produces<BatchAnswer>();
        TimelineEndpoint.Map(group, core);
        // Over HTTP/2, which browsers use with HTTPS, a WebSocket starts with CONNECT (RFC 8441).
        group.MapMethods("/live", [HttpMethods.Get, HttpMethods.Connect], LiveAsync).DisableRequestTimeout().ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Uploads(RouteHandlerBuilder route) => route
        .Accepts<Stream>(ImageTypes[0], ImageTypes[1..]).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).DisableAntiforgery();

    private static LabelAnswer[] LabelsOf(string[] labels) =>
        [.. labels.Select(label => new LabelAnswer(label, EmotionColors.Of(label, labels)))];

    private ModelAnswer Model(string? model = null)
    {
        var (photo, live) = (core.ModelOf(model, isLive: false), core.ModelOf(model, isLive: true));
        return new(
            photo.Name, live.Name, [.. core.ModelNames], LabelsOf([.. live.Predictor.Labels.Union(photo.Predictor.Labels)]),
            PretrainedModels.AboutOf(photo.Name) ?? "The accuracy of this model is unknown.", ThisAssembly.Version);
    }

    private async Task<IResult> FacesAsync(HttpRequest request)
    {
        var begun = Stopwatch.GetTimestamp();
        var upload = (await Upload.ReadAsync(request, core, 1))[0];
        using var lease = await AcquireSlotAsync(request);
        return Results.Json(Find(ModelOf(request), upload, begun), FerMlJson.Line);
    }

    private async Task<IResult> EmotionAsync(HttpRequest request)
    {
        var begun = Stopwatch.GetTimestamp();
        var upload = (await Upload.ReadAsync(request, core, 1))[0];
        using var lease = await AcquireSlotAsync(request);
        var prediction = await ModelOf(request).Predictor.PredictAsync(upload.Bytes, upload.Name, core.Options.MaxImagePixels);
        core.Metrics.Record(ServiceMetrics.Face, 1, Stopwatch.GetElapsedTime(begun));
        return Results.Json(EmotionAnswer.Of(upload.Name, prediction), FerMlJson.Line);
    }

    private async Task<IResult> BatchAsync(HttpRequest request)
    {
        var uploads = await Upload.ReadAsync(request, core, core.Options.MaxImages);
        var (answers, model) = (new BatchItem[uploads.Count], ModelOf(request));
        var parallel = new ParallelOptions
        {
            CancellationToken = request.HttpContext.RequestAborted,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
        };
        await Parallel.ForAsync(0, uploads.Count, parallel, async (i, _) =>
        {
            var begun = Stopwatch.GetTimestamp();
            using var lease = await AcquireSlotAsync(request);
            try
            {
                answers[i] = new BatchItem(uploads[i].Name, Find(model, uploads[i], begun), null);
            }
            // An image that can't be read or scored doesn't fail the others.
            catch (FerMlException e)
            {
                answers[i] = new BatchItem(uploads[i].Name, null, e.Message);
            }
        });
        return Results.Json(new BatchAnswer(answers), FerMlJson.Line);
    }

    private async Task LiveAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            throw new BadHttpRequestException("This address needs a WebSocket request.", StatusCodes.Status426UpgradeRequired);
        if (!IsOwnPage(context.Request))
            throw new BadHttpRequestException(
                "The page's origin isn't allowed (ServiceOptions.AllowedOrigins).", StatusCodes.Status403Forbidden);
        // Check the model name before accepting the connection, while an error response is still possible.
        _ = ModelOf(context.Request, isLive: true);
        var caller = CallerOf(context);
        if (!_viewers.TryTake(caller))
            throw new BadHttpRequestException(
                $"{_viewers.MaxPerCaller} viewers are connected from this address already.", StatusCodes.Status503ServiceUnavailable);
        try
        {
            await RunLiveAsync(context);
        }
        finally
        {
            _viewers.Leave(caller);
        }
    }

    /// <summary>The caller's IP address.</summary>
    public static string CallerOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private async Task RunLiveAsync(HttpContext context)
    {
        if (!core.Metrics.TryAddViewer(core.Options.MaxViewers))
            throw new BadHttpRequestException($"{core.Options.MaxViewers} viewers are connected already.",
                StatusCodes.Status503ServiceUnavailable);
        try
        {
            // Browsers require the server to select one of the protocols they offered.
            var named = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol) ? Protocol : null;
            using var socket = await context.WebSockets.AcceptWebSocketAsync(named);
            using var reader = core.NewLiveReader(ModelOf(context.Request, isLive: true));
            await new LiveSession(socket, reader, core.Work, core.Metrics).RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            core.Metrics.RemoveViewer();
        }
    }

    /// <summary>
    /// Browsers let any page open a WebSocket but send its origin (RFC 6455, section 10.2). Other clients send none and are accepted.
    /// </summary>
    private bool IsOwnPage(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin] || core.Options.AllowedOrigins.Contains(origin) || Uri.TryCreate(origin,
            UriKind.Absolute, out var page)
        && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>The model that a request selects with <c>?model=</c>.</summary>
    private ServiceModel ModelOf(HttpRequest request, bool isLive = false) => core.ModelOf(request.Query["model"], isLive);

    private PhotoAnswer Find(ServiceModel model, Upload upload, long begun)
    {
        var result = model.Photos.Read(upload.Bytes.Span, upload.Name, core.Options.MaxImagePixels);
        core.Metrics.Record(ServiceMetrics.Photo, result.Faces.Count, Stopwatch.GetElapsedTime(begun));
        return new PhotoAnswer(upload.Name, result.Width, result.Height, FaceAnswer.Of(result.Faces));
    }

    /// <summary>Waits for a slot in the caller's own concurrency limit, then for a processor.</summary>
    private async Task<Place> AcquireSlotAsync(HttpRequest request)
    {
        var stop = request.HttpContext.RequestAborted;
        var own = await core.WorkByCaller.AcquireAsync(CallerOf(request.HttpContext), 1, stop);
        try
        {
            if (own.IsAcquired && await core.Work.AcquireAsync(1, stop) is { IsAcquired: true } processor)
                return new Place(own, processor);
        }
        catch
        {
            own.Dispose();
            throw;
        }
        own.Dispose();
        throw new BadHttpRequestException("The service is busy; try again in a moment.", StatusCodes.Status503ServiceUnavailable);
    }

    private sealed record Place(RateLimitLease Own, RateLimitLease Processor) : IDisposable
    {
        public void Dispose()
        {
            Processor.Dispose();
            Own.Dispose();
        }
    }
}
