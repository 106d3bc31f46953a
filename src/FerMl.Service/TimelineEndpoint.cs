using System.Text.Json;
using FerMl.Vision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FerMl.Service;

/// <summary><c>/v1/timeline</c>: the emotions of faces over time, drawn as by <c>ferml timeline</c>.</summary>
internal static class TimelineEndpoint
{
    // A year in seconds, and more strips and spans than an image can show legibly.
    private const double MaxSeconds = 366 * 86_400;
    private static readonly JsonSerializerOptions Json = new(FerMlJson.Line) { RespectRequiredConstructorParameters = true };

    private const int MaxFaces = 1_000, MaxSpans = 100_000, MaxLabelLength = 100;

    public static void Map(RouteGroupBuilder group, ServiceCore core) =>
        group.MapPost("/timeline", (HttpRequest request, string? name = null) => DrawAsync(request, name, core))
            .WithName("timeline").WithSummary("The emotions of each face over time, as an SVG image.")
            .WithDescription("The body is a JSON list of faces: [{\"id\": 1, \"spans\": [{\"from\": 0, \"to\": 1.5, \"label\": \"happy\", "
                + "\"confidence\": 0.9, \"frames\": 15}]}]; times in seconds. Nothing is stored.")
            .Accepts<FaceTimeline[]>("application/json", "*/*").Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).DisableAntiforgery();

    private static async Task<IResult> DrawAsync(HttpRequest request, string? name, ServiceCore core)
    {
        var faces = Read((await Upload.ReadBodyAsync(request, core, "timeline")).Span);
        var title = Upload.Shown(name) is { } shown ? $"Emotions over time: {shown}" : "Emotions over time";
        return Results.Text(FaceTimeline.ToSvg(title, faces), "image/svg+xml");
    }

    private static FaceTimeline[] Read(ReadOnlySpan<byte> json)
    {
        FaceTimeline[]? faces;
        try
        {
            faces = JsonSerializer.Deserialize<FaceTimeline[]>(json, Json);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException(
                "The body isn't a JSON list of faces, each with id and spans of from, to, label, confidence and frames "
                    + $"(at {e.Path ?? "$"}).", e);
        }
        if (faces is null || faces.Length > MaxFaces || faces.Any(face => face?.Spans is null)
            || faces.Sum(face => face.Spans.Count) is 0 or > MaxSpans)
            throw new BadHttpRequestException(
                $"The body must be a list of up to {MaxFaces.Grouped()} faces with 1 to {MaxSpans.Grouped()} spans in all.");
        foreach (var face in faces)
            if (!face.Spans.All(IsDrawable))
                throw new BadHttpRequestException(
                    $"Face {face.Id}: a span needs from and to (seconds of at most a year, in order), a label of up to "
                        + $"{MaxLabelLength} characters and a confidence from 0 to 1.");
        return faces;
    }

    private static bool IsDrawable(EmotionSpan? span) =>
        span is { From: >= 0, To: <= MaxSeconds, Label.Length: > 0 and <= MaxLabelLength, Confidence: >= 0 and <= 1 }
            && span.From <= span.To;
}
