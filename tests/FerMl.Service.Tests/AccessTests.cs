using System.Net;
using System.Net.Sockets;
using System.Text;
using FerMl.Vision;

namespace FerMl.Service.Tests;

/// <summary>API keys, allowed origins, limits per caller, and the security headers of every response.</summary>
public sealed class AccessTests : ServiceTests
{
    [Test]
    public async Task Key_ThatIsMissingOrWrong_IsRefused()
    {
        await using var service = await StartAsync(new ServiceOptions { ApiKey = "a-long-secret" });
        foreach (var (header, value, expected) in ((string, string, HttpStatusCode)[])[
            ("X-Other", "a-long-secret", HttpStatusCode.Unauthorized), ("X-Api-Key", "a-long-secreT", HttpStatusCode.Unauthorized),
            ("X-Api-Key", "a-long-secret", HttpStatusCode.OK), ("Authorization", "Bearer a-long-secret", HttpStatusCode.OK)])
            foreach (var path in (string[])["/v1/model", "/metrics"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
                request.Headers.TryAddWithoutValidation(header, value);
                Assert.That((await service.Client.SendAsync(request)).StatusCode, Is.EqualTo(expected), $"{path}, {header}: {value}");
            }
        // No key is needed for the page, which asks for it, or for the health endpoints.
        foreach (var path in (string[])["/", "/page.js", "/health", "/health/live", "/openapi/v1.json"])
            Assert.That((await service.Client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
    }

    [Test]
    public async Task AllowedOrigin_MayAskFromABrowser_AndNoOther()
    {
        await using var service = await StartAsync(new ServiceOptions
        {
            AllowedOrigins = ["https://example.org"],
            ApiKey = "the-key-of-the-test",
        });
        Assert.That(await AllowsAsync("https://example.org", HttpMethod.Options), Is.EqualTo("https://example.org"), "preflight request");
        Assert.That(await AllowsAsync("https://example.org", HttpMethod.Get), Is.EqualTo("https://example.org"));
        Assert.That(await AllowsAsync("https://example.com", HttpMethod.Get), Is.Null);
        await using var closed = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/model", UriKind.Relative));
        request.Headers.Add("Origin", "https://example.org");
        using var answer = await closed.Client.SendAsync(request);
        Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
        Assert.That(() => new ServiceOptions { AllowedOrigins = ["https://example.org/path"] }.Validate(new(this)).ToArray(),
            Has.Length.EqualTo(1));

        async Task<string?> AllowsAsync(string origin, HttpMethod method)
        {
            using var request = new HttpRequestMessage(method, new Uri("/v1/model", UriKind.Relative));
            request.Headers.Add("Origin", origin);
            if (method == HttpMethod.Options)
            {
                request.Headers.Add("Access-Control-Request-Method", "GET");
                request.Headers.Add("Access-Control-Request-Headers", "x-api-key");
            }
            else
                request.Headers.Add("X-Api-Key", "the-key-of-the-test");
            using var answer = await service.Client.SendAsync(request);
            Assert.That(answer.IsSuccessStatusCode, Is.True);
            return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
        }
    }

    [Test]
    public async Task Photos_OfOneCaller_LeaveAPlaceForOthers()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var core = new ServiceCore(new ServiceOptions(), new ServiceModels(
            predictor, "fer7-fast", predictor, "fer7-fast", () => new CnnFaceDetector(), () => new CnnFaceDetector()));
        var his = new List<System.Threading.RateLimiting.RateLimitLease>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
            his.Add(await core.WorkByCaller.AcquireAsync("203.0.113.7"));
        var next = core.WorkByCaller.AcquireAsync("203.0.113.7").AsTask();
        using var other = await core.WorkByCaller.AcquireAsync("203.0.113.8");
        Assert.That((next.IsCompleted, other.IsAcquired), Is.EqualTo((false, true)),
            "a caller's next photo waits only for the caller's others");
        his[0].Dispose();
        using var then = await next;
        Assert.That(then.IsAcquired, Is.True);
        foreach (var lease in his)
            lease.Dispose();
    }

    [TestCase("/")]
    [TestCase("/page.js")]
    [TestCase("/v1/model")]
    [TestCase("/docs")]
    [TestCase("/nothing")]
    public async Task EveryAnswer_CantBeFramedOrTakenForAnotherType(string path)
    {
        await using var service = await StartAsync();
        using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("frame-ancestors 'none'"));
        using var refused = await service.Client.PostAsync(new Uri("/v1/faces", UriKind.Relative), new ByteArrayContent([1, 2, 3]));
        Assert.That(refused.IsSuccessStatusCode, Is.False);
        Assert.That(refused.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }), "error responses have it too");
    }

    [Test]
    public async Task Docs_NameNoOtherMachine()
    {
        await using var service = await StartAsync();
        var page = await service.Client.GetStringAsync(new Uri("/docs", UriKind.Relative));
        Assert.That(page, Does.Contain("\"telemetry\":false").And.Contain("\"withDefaultFonts\":false"));
    }

    [Test]
    public async Task Page_AnswersHead_AndWhatHasntChanged_AndNamesNothingOutsideItsOwnPath()
    {
        await using var service = await StartAsync();
        foreach (var path in (string[])["/", "/page.css", "/page.js", "/icon.svg", "/v1/model", "/health"])
        {
            using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative)));
            Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            Assert.That(await head.Content.ReadAsStringAsync(), Is.Empty);
        }
        using var first = await service.Client.GetAsync(new Uri("/page.js", UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri("/page.js", UriKind.Relative));
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await service.Client.SendAsync(again);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        var page = await service.Client.GetStringAsync(new Uri("/", UriKind.Relative));
        Assert.That(page, Does.Not.Contain("href=\"/").And.Not.Contain("src=\"/"));
        Assert.That(await first.Content.ReadAsStringAsync(), Does.Not.Contain("fetch(\"/").And.Not.Contain("location.host"));
    }

    [TestCase("bearer")]
    [TestCase("Bearer")]
    [TestCase("BEARER")]
    public async Task Key_IsTakenWhateverTheCaseOfItsScheme(string scheme)
    {
        await using var service = await StartAsync(new ServiceOptions { ApiKey = "the-key-of-the-test" });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/model", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} the-key-of-the-test");
        using var answer = await service.Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(59)]
    [TestCase(100)]
    [TestCase(6_000)]
    public void RequestsPerMinute_AreAllowedExactly(int perMinute)
    {
        var (tokens, period) = FaceService.ReplenishmentOf(perMinute);
        Assert.That(tokens * 60 / period.TotalSeconds, Is.EqualTo(perMinute));
        Assert.That(period, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Caller_ThatAsksTooOften_IsToldToWait()
    {
        await using var service = await StartAsync(new ServiceOptions { RequestsPerMinute = 30 });
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Client.GetAsync(new Uri("/v1/model",
            UriKind.Relative))));
        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.That(refused, Is.Not.Empty);
        Assert.That(refused[0].Headers.RetryAfter, Is.Not.Null);
        Assert.That(responses.Any(response => response.IsSuccessStatusCode));
    }

    [Test]
    public async Task Request_ThatNeverEnds_IsEnded()
    {
        await using var service = await StartAsync(new ServiceOptions { TimeoutSeconds = 1 });
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Address.Host, service.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/faces HTTP/1.1\r\nHost: {service.Address.Authority}\r\nContent-Length: 100000\r\n\r\nbegin"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)), Does.Contain("408"));
    }

    [Test]
    public async Task Host_OfAnotherName_GetsNoAnswer()
    {
        await using var service = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/model", UriKind.Relative));
        request.Headers.Host = "evil.example";
        Assert.That((await service.Client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }
}
