using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FerMl.Tests;

namespace FerMl.Service.Tests;

public sealed class FaceEndpointTests : ServiceTests
{
    [Test]
    public async Task Faces_OfAFrame_AreFoundWithTheirEmotions()
    {
        await using var service = await StartAsync();
        var answer = await JsonOf(await service.PostAsync("/v1/faces", Frame(faces: 2)));
        var faces = answer["faces"]!.AsArray();
        Assert.That(faces, Has.Count.EqualTo(2));
        foreach (var face in faces)
        {
            Assert.That(face!["label"]!.GetValue<string>(), Is.EqualTo("happy"));
            Assert.That(face["scores"]!.AsObject().Sum(score => score.Value!.GetValue<double>()), Is.EqualTo(1).Within(1e-3));
            Assert.That(face["box"]!.AsArray().Select(value => value!.GetValue<int>()), Has.Exactly(4).InRange(0, 640));
        }
        Assert.That((answer["width"]!.GetValue<int>(), answer["height"]!.GetValue<int>()), Is.EqualTo((640, 480)));
    }

    [Test]
    public async Task Emotion_OfAFace_IsWhatThePredictorSays()
    {
        await using var service = await StartAsync();
        var png = TestImages.Encode(48, 48, color: (x, y) =>
        {
            var level = Faces[0][y * 48 + x];
            return new(level, level, level);
        });
        var answer = await JsonOf(await service.PostAsync("/v1/emotion", png, type: null));
        var expected = Model.Predict(new MemoryStream(png));
        Assert.That(answer["label"]!.GetValue<string>(), Is.EqualTo(expected.Label));
        foreach (var (label, score) in expected.Scores)
            Assert.That(answer["scores"]![label]!.GetValue<float>(), Is.EqualTo(score).Within(1e-4));
    }

    [Test]
    public async Task Batch_WithOneThatIsNoImage_StillReadsTheOthers()
    {
        await using var service = await StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Frame()), "files", "first.jpg" },
            { new StringContent("no image"), "files", "second.jpg" },
            { new ByteArrayContent(Frame(faces: 3)), "files", "third.jpg" },
        };
        var images = (await JsonOf(await service.Client.PostAsync(new Uri("/v1/faces/batch", UriKind.Relative),
            form)))["images"]!.AsArray();
        Assert.That(images.Select(image => image!["name"]!.GetValue<string>()), Is.EqualTo((string[])["first.jpg", "second.jpg",
            "third.jpg"]));
        Assert.That(images[0]!["photo"]!["faces"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(images[1]!["error"]!.GetValue<string>(), Does.Contain("second.jpg: not an image"));
        Assert.That(images[2]!["photo"]!["faces"]!.AsArray(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Model_IsChosenByItsName()
    {
        await using var service = await StartAsync();
        var names = (await JsonOf(await service.Client.GetAsync(new Uri("/v1/model", UriKind.Relative))))["models"]!.AsArray()
            .Select(name => name!.GetValue<string>()).ToArray();
        Assert.That(names, Is.EquivalentTo(PretrainedModels.Names));
        foreach (var address in (string[])["/v1/faces", "/v1/emotion"])
        {
            var answer = await JsonOf(await service.PostAsync($"{address}?model=fer3", Frame()));
            var scores = (answer["faces"]?[0] ?? answer)["scores"]!.AsObject();
            Assert.That(scores.Select(score => score.Key), Is.EqualTo(EmotionTask.Three.Labels));
        }
        Assert.That((await JsonOf(await service.Client.GetAsync(new Uri("/v1/model?model=fer3", UriKind.Relative))))["model"]!
            .GetValue<string>(), Is.EqualTo("fer3"));
        var wrong = await service.PostAsync("/v1/faces?model=../secret.zip", Frame());
        Assert.That((int)wrong.StatusCode, Is.EqualTo(400));
        Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("There is no such model; available: ").And.Not.Contain("secret"));
    }

    private static IEnumerable<TestCaseData> BadUploads()
    {
        yield return new TestCaseData("/v1/faces", Array.Empty<byte>(), "image/png", 422, "empty").SetName("nothing");
        yield return new TestCaseData("/v1/faces", "text"u8.ToArray(), "image/png", 422, "not an image").SetName("text");
        yield return new TestCaseData("/v1/faces", TestImages.PngThatClaims(60_000, 60_000), "image/png", 422,
            "megapixels").SetName("a bomb");
        yield return new TestCaseData("/v1/emotion", TestImages.PngThatClaims(9_000, 9_000), "image/png", 422,
            "megapixels").SetName("a bomb of a face");
        yield return new TestCaseData("/v1/faces", TestImages.Encode(64, 64)[..200], "image/png", 422, "image").SetName("cut short");
        yield return new TestCaseData("/v1/faces", new byte[200_000], "image/png", 422, "not an image").SetName("as large as allowed");
        yield return new TestCaseData("/v1/faces", new byte[300_000], "image/png", 413, "MiB").SetName("too large");
        yield return new TestCaseData("/v1/faces", new byte[5_000_000], "image/png", 413, "").SetName("far too large");
        yield return new TestCaseData("/v1/faces", "--b\r\nno form"u8.ToArray(), "multipart/form-data; boundary=b", 400,
            "form").SetName("half a form");
        yield return new TestCaseData("/v1/faces", "--b--\r\n"u8.ToArray(), "multipart/form-data; boundary=b", 400,
            "no image").SetName("an empty form");
        yield return new TestCaseData("/v1/faces", "x"u8.ToArray(), "multipart/form-data", 400,
            "boundary").SetName("a form without boundary");
        yield return new TestCaseData("/v1/live", "x"u8.ToArray(), "image/png", 405, "").SetName("a post where video goes");
    }

    [TestCaseSource(nameof(BadUploads))]
    public async Task Upload_ThatIsBad_GetsAProblemThatSaysSo(string path, byte[] body, string type, int status, string detail)
    {
        await using var service = await StartAsync(new ServiceOptions { MaxImageBytes = 200_000, MaxImages = 4 });
        var response = await service.PostAsync(path, body, type);
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.That(problem["status"]!.GetValue<int>(), Is.EqualTo(status));
        if (detail.Length > 0)
            Assert.That(problem["detail"]!.GetValue<string>(), Does.Contain(detail));
        Assert.That((await service.PostAsync("/v1/faces", Frame())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Form_WithMoreImagesThanAllowed_IsTooLarge()
    {
        await using var service = await StartAsync(new ServiceOptions { MaxImages = 2 });
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 3; i++)
            form.Add(new ByteArrayContent(Frame()), "files", $"{i}.jpg");
        var response = await service.Client.PostAsync(new Uri("/v1/faces/batch", UriKind.Relative), form);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task Form_WhoseNameHasControlCharacters_IsNamedWithoutThem()
    {
        await using var service = await StartAsync();
        var body = Encoding.Latin1.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\tb.jpg\"\r\n\r\nx\r\n--b--\r\n");
        var response = await service.PostAsync("/v1/faces", body, "multipart/form-data; boundary=b");
        Assert.That((await response.Content.ReadAsStringAsync()), Does.Contain("ab.jpg: not an image"));
    }

    [Test]
    public async Task Form_WithTwoNames_IsNamedByTheOneThatMayHaveAnyLetter()
    {
        await using var service = await StartAsync();
        var body = Encoding.Latin1.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"plain.jpg\"; filename*=UTF-8''a%20b.jpg"
            + "\r\n\r\nx\r\n--b--\r\n");
        var response = await service.PostAsync("/v1/faces", body, "multipart/form-data; boundary=b");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("a b.jpg: not an image"));
    }

    [Test]
    public async Task Form_WhoseNameIsOnlyControlCharacters_IsReadAllTheSame()
    {
        await using var service = await StartAsync();
        byte[] body = [.. "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\u0001\"\r\n\r\n"u8, .. Frame(),
            .. "\r\n--b--\r\n"u8];
        var answer = await JsonOf(await service.PostAsync("/v1/faces", body, "multipart/form-data; boundary=b"));
        Assert.That(answer["name"]!.GetValue<string>(), Is.EqualTo("image 1"));
    }

    [Test]
    public async Task Uploads_BeyondTheMemoryForAll_AreToldToComeAgain()
    {
        await using var service = await StartAsync(new ServiceOptions { MaxImageBytes = 40 << 20 });
        // Five unfinished uploads of 39 MB exceed the 160 MB for all uploads. The scheduler decides which one is refused.
        var uploads = new List<TcpClient>();
        try
        {
            var (chunk, answers) = (new byte[39 << 20], new List<Task<string>>());
            for (var i = 0; i < 5; i++)
            {
                var client = new TcpClient();
                uploads.Add(client);
                await client.ConnectAsync(service.Address.Host, service.Address.Port);
                answers.Add(FirstLineOf(client.GetStream()));
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /v1/faces HTTP/1.1\r\nHost: {service.Address.Authority}\r\nContent-Length: {chunk.Length + 9}\r\n\r\n"));
                await client.GetStream().WriteAsync(chunk);
            }
            var first = await Task.WhenAny(answers).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.That(await first, Does.StartWith("HTTP/1.1 503"));
        }
        finally
        {
            uploads.ForEach(client => client.Dispose());
        }
        var again = HttpStatusCode.ServiceUnavailable;
        for (var i = 0; i < 100 && again == HttpStatusCode.ServiceUnavailable; i++)
        {
            await Task.Delay(50);
            again = (await service.PostAsync("/v1/faces", new byte[39 << 20], "image/png")).StatusCode;
        }
        Assert.That(again, Is.EqualTo(HttpStatusCode.UnprocessableEntity), "the memory is released");

        static async Task<string> FirstLineOf(Stream stream)
        {
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            return await reader.ReadLineAsync() ?? "";
        }
    }

    [Test]
    public async Task OpenApi_NamesEveryRequest()
    {
        await using var service = await StartAsync();
        var document = JsonNode.Parse(await service.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        Assert.That(document["paths"]!.AsObject().Select(path => path.Key),
            Is.EquivalentTo((string[])["/v1/model", "/v1/faces", "/v1/emotion", "/v1/faces/batch", "/v1/timeline"]));
        Assert.That((await service.Client.GetAsync(new Uri("/docs/", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Metrics_CountWhatWasSeen()
    {
        await using var service = await StartAsync();
        await service.PostAsync("/v1/faces", Frame(faces: 2));
        var metrics = await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.That(metrics, Does.Match("""ferml_faces_total\{[^}]*kind="photo"[^}]*\} 2"""));
        Assert.That(metrics, Does.Contain("http_server_request_duration_seconds"));
    }

    [Test]
    public async Task Requests_AtTheSameTime_AreAllAnswered()
    {
        await using var service = await StartAsync();
        byte[][] frames = [.. Enumerable.Range(1, 3).Select(faces => Frame(faces))];
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
            (await JsonOf(await service.PostAsync("/v1/faces", frames[i % 3])))["faces"]!.AsArray().Count));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 60).Select(i => i % 3 + 1)));
    }
}
