using System.Net;
using System.Text;
using System.Text.Json;
using FerMl.Vision;

namespace FerMl.Service.Tests;

public sealed class TimelineEndpointTests : ServiceTests
{
    private static readonly FaceTimeline[] TwoFaces =
    [
        new(1, [new EmotionSpan(0, 1.5, "happy", 0.9, 15), new EmotionSpan(1.5, 4, "neutral", 0.6, 25)]),
        new(7, [new EmotionSpan(2, 2, "sad", 1, 1)]),
    ];

    [Test]
    public async Task Timeline_IsTheImageThatTheCommandDraws()
    {
        await using var service = await StartAsync();
        var answer = await service.PostAsync(
            "/v1/timeline?name=a%26b.mp4", JsonSerializer.SerializeToUtf8Bytes(TwoFaces, FerMlJson.Line), "application/json");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/svg+xml"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(FaceTimeline.ToSvg("Emotions over time: a&b.mp4", TwoFaces)));
    }

    [TestCase(100, HttpStatusCode.OK)]
    [TestCase(101, HttpStatusCode.BadRequest)]
    public async Task Timeline_HasLabelsOfUpToAHundredCharacters(int length, HttpStatusCode expected)
    {
        await using var service = await StartAsync();
        FaceTimeline[] faces = [new(1, [new EmotionSpan(0, 1, new string('x', length), 1, 1)])];
        var answer = await service.PostAsync(
            "/v1/timeline", JsonSerializer.SerializeToUtf8Bytes(faces, FerMlJson.Line), "application/json");
        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("no JSON", "isn't a JSON list of faces")]
    [TestCase("null", "a list of up to 1,000 faces")]
    [TestCase("[]", "a list of up to 1,000 faces")]
    [TestCase("[null]", "a list of up to 1,000 faces")]
    [TestCase("""[{"id": 1}]""", "isn't a JSON list of faces")]
    [TestCase("""[{"id": 1, "spans": []}]""", "1 to 100,000 spans")]
    [TestCase("""[{"id": 3, "spans": [null]}]""", "Face 3: a span needs")]
    [TestCase("""[{"id": 3, "spans": [{"from": 0, "to": 1, "confidence": 1, "frames": 1}]}]""", "at $[0].spans[0]")]
    [TestCase("""{"faces": []}""", "isn't a JSON list of faces")]
    [TestCase("""[{"id": 3, "spans": [{"from": 0, "to": 1, "label": "", "confidence": 1, "frames": 1}]}]""", "Face 3: a span needs")]
    [TestCase("""[{"id": 3, "spans": [{"from": 2, "to": 1, "label": "sad", "confidence": 1, "frames": 1}]}]""", "Face 3: a span needs")]
    [TestCase("""[{"id": 3, "spans": [{"from": 0, "to": 1e17, "label": "sad", "confidence": 1, "frames": 1}]}]""", "Face 3: a span needs")]
    [TestCase("""[{"id": 3, "spans": [{"from": -1, "to": 1, "label": "sad", "confidence": 1, "frames": 1}]}]""", "Face 3: a span needs")]
    [TestCase("""[{"id": 3, "spans": [{"from": 0, "to": 1, "label": "sad", "confidence": 1.5, "frames": 1}]}]""", "Face 3: a span needs")]
    public async Task Timeline_ThatCantBeDrawn_IsRefused(string body, string expected)
    {
        await using var service = await StartAsync();
        var answer = await service.PostAsync("/v1/timeline", Encoding.UTF8.GetBytes(body), "application/json");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(expected));
    }
}
