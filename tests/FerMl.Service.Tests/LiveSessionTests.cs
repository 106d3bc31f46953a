using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;

namespace FerMl.Service.Tests;

public sealed class LiveSessionTests : ServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Test]
    public async Task Faces_FromFrameToFrame_KeepTheirNumbers()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        for (uint number = 0; number < 12; number++)
        {
            await SendAsync(socket, number, Frame(faces: 2, (int)number));
            var answer = await ReceiveAsync(socket);
            Assert.That((answer!.Frame, answer.Error), Is.EqualTo((number, (string?)null)));
            // A face is reported once it was detected three times. The second drawn smile is between happy and neutral.
            if (number >= 3)
                Assert.That((string.Join(' ', answer.Faces.Select(face => face.Id)), answer.Faces[0].Label), Is.EqualTo(("1 2", "happy")));
        }
    }

    [Test]
    public async Task Frames_ThatComeTooFast_AreDroppedButTheLast()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        var image = Frame();
        for (uint number = 1; number <= 60; number++)
            await SendAsync(socket, number, image);
        var (answers, last) = (0, default(FrameAnswer));
        while (last?.Frame != 60)
            (answers, last) = (answers + 1, await ReceiveAsync(socket));
        Assert.That(answers, Is.LessThan(60));
        Assert.That(last.Dropped, Is.EqualTo(60 - answers));
    }

    [Test]
    public async Task Frame_ThatIsNoImage_IsToldOfAndNotTheEnd()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        foreach (var bad in (byte[][])["no image"u8.ToArray(), FerMl.Tests.TestImages.PngThatClaims(5000, 5000)])
        {
            await SendAsync(socket, 1, bad);
            Assert.That((await ReceiveAsync(socket))!.Error, Is.Not.Null);
        }
        await SendAsync(socket, 2, Frame());
        Assert.That((await ReceiveAsync(socket))!.Error, Is.Null);
    }

    [TestCase(double.NaN)]
    [TestCase(-5)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(1e300)]
    public async Task Frame_WithAnImpossibleTime_IsStillLookedAt(double time)
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        await SendAsync(socket, 1, Frame(), time);
        Assert.That((await ReceiveAsync(socket))!.Error, Is.Null);
    }

    [Test]
    public async Task Message_ThatIsNoFrame_ClosesWithTheReason()
    {
        await using var service = await StartAsync();
        foreach (var (type, length, expected) in ((WebSocketMessageType, int, WebSocketCloseStatus)[])[
            (WebSocketMessageType.Text, 40, WebSocketCloseStatus.InvalidMessageType),
            (WebSocketMessageType.Binary, 5, WebSocketCloseStatus.InvalidPayloadData),
            (WebSocketMessageType.Binary, LiveSession.MaxMessage + 1, WebSocketCloseStatus.MessageTooBig)])
        {
            using var socket = await ConnectAsync(service);
            await socket.SendAsync(new byte[length], type, true, None);
            Assert.That(await ReceiveAsync(socket), Is.Null);
            Assert.That(socket.CloseStatus, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task PageOfAnotherSite_IsRefused()
    {
        await using var service = await StartAsync();
        Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(service, socket => socket.Options.SetRequestHeader("Origin",
            "https://evil.example")));
        using var own = await ConnectAsync(service, socket => socket.Options.SetRequestHeader("Origin",
            service.Address.GetLeftPart(UriPartial.Authority)));
        Assert.That(own.State, Is.EqualTo(WebSocketState.Open));
    }

    [Test]
    public async Task Key_AsAProtocol_LetsAPageIn()
    {
        await using var service = await StartAsync(new ServiceOptions { ApiKey = "schluessel/1" });
        Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(service));
        Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(service, socket => socket.Options.AddSubProtocol("key.!")));
        using var socket = await ConnectAsync(service, socket =>
        {
            socket.Options.AddSubProtocol("ferml.v1");
            socket.Options.AddSubProtocol("key.c2NobHVlc3NlbC8x");
        });
        Assert.That(socket.SubProtocol, Is.EqualTo("ferml.v1"));
    }

    [Test]
    public async Task Viewers_BeyondTheMost_AreRefusedUntilOneLeaves()
    {
        await using var service = await StartAsync(new ServiceOptions { MaxViewers = 1 });
        using (var first = await ConnectAsync(service))
        {
            Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(service));
            await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, None);
        }
        await UntilAsync(() => service.Metrics.Viewers == 0);
        using var second = await ConnectAsync(service);
    }

    [Test]
    public async Task Viewers_OfOneCaller_LeavePlacesForOthers()
    {
        await using var service = await StartAsync(new ServiceOptions { MaxViewers = 4, TrustsProxy = true });
        using var first = await FromAsync("203.0.113.7");
        using var second = await FromAsync("203.0.113.7");
        Assert.ThrowsAsync<WebSocketException>(() => FromAsync("203.0.113.7"));
        using var other = await FromAsync("203.0.113.8");
        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, null, None);
        await UntilAsync(() => service.Metrics.Viewers == 2);
        using var again = await FromAsync("203.0.113.7");

        Task<ClientWebSocket> FromAsync(string address) =>
            ConnectAsync(service, socket => socket.Options.SetRequestHeader("X-Forwarded-For", address));
    }

    [Test]
    public async Task Viewers_ThatVanish_AreForgotten()
    {
        await using var service = await StartAsync();
        var image = Frame();
        for (var i = 0; i < 20; i++)
        {
            using var socket = await ConnectAsync(service);
            await SendAsync(socket, 1, image);
            socket.Abort();
        }
        await UntilAsync(() => service.Metrics.Viewers == 0);
    }

    [Test]
    public async Task Viewers_ThatDontReadTheirAnswers_HoldUpNobody()
    {
        await using var service = await StartAsync();
        var sockets = new List<ClientWebSocket>();
        var image = Frame();
        try
        {
            // Sends frames that are cheap to answer, until the buffers of both sides are full.
            for (var i = 0; i < 2 * Environment.ProcessorCount + 2; i++)
            {
                var socket = await ConnectAsync(service);
                sockets.Add(socket);
                for (uint number = 1; number <= 30_000; number++)
                    if (!SendAsync(socket, number, [1]).Wait(200))
                        break;
            }
            var watch = System.Diagnostics.Stopwatch.StartNew();
            for (var i = 0; i < 5; i++)
                Assert.That((await service.PostAsync("/v1/faces", image)).IsSuccessStatusCode);
            // If the viewers blocked the service, each request would wait for a socket's timeout.
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Test]
    public async Task Film_ThatBeginsAgain_IsAnotherScene()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        FrameAnswer? answer = null;
        foreach (var time in (double[])[60_000, 60_040, 60_080, 0, 40, 80])
        {
            await SendAsync(socket, 1, Frame(), time);
            answer = await ReceiveAsync(socket);
        }
        Assert.That(answer!.Faces.Single().Id, Is.EqualTo(2));
    }

    [Test]
    public async Task Clock_ThatIsALittleOff_IsNoOtherScene_UntilItIsFarOff()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        foreach (var (times, id) in ((double[], int)[])[([10_000, 10_040, 10_080, 9_300], 1), ([8_600, 8_640, 8_680], 2)])
        {
            FrameAnswer? answer = null;
            foreach (var time in times)
            {
                await SendAsync(socket, 1, Frame(), time);
                answer = await ReceiveAsync(socket);
            }
            Assert.That(answer!.Faces.Single().Id, Is.EqualTo(id));
        }
    }

    [Test]
    public async Task Frame_WithAnImpossibleTime_IsOfTheSameScene()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        FrameAnswer? answer = null;
        foreach (var time in (double[])[60_000, 60_040, 60_080, double.NaN])
        {
            await SendAsync(socket, 1, Frame(), time);
            answer = await ReceiveAsync(socket);
        }
        Assert.That(answer!.Faces.Single().Id, Is.EqualTo(1));
    }

    [Test]
    public async Task Stop_TellsViewersThatTheServiceGoes()
    {
        await using var service = await StartAsync();
        using var socket = await ConnectAsync(service);
        await SendAsync(socket, 1, Frame());
        Assert.That(await ReceiveAsync(socket), Is.Not.Null);
        var stopping = service.StopAsync();
        Assert.That(await ReceiveAsync(socket), Is.Null);
        Assert.That(socket.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, None);
        await stopping;
    }

    private static async Task<ClientWebSocket> ConnectAsync(Running service, Action<ClientWebSocket>? prepare = null)
    {
        var socket = new ClientWebSocket();
        try
        {
            prepare?.Invoke(socket);
            await socket.ConnectAsync(new UriBuilder(service.Address) { Scheme = "ws", Path = "/v1/live" }.Uri, None);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task SendAsync(WebSocket socket, uint number, byte[] image, double? milliseconds = null)
    {
        var message = new byte[12 + image.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, number);
        BinaryPrimitives.WriteDoubleLittleEndian(message.AsSpan(4), milliseconds ?? number * 33);
        image.CopyTo(message, 12);
        await socket.SendAsync(message, WebSocketMessageType.Binary, true, None);
    }

    /// <summary>The next answer; null at the end.</summary>
    private static async Task<FrameAnswer?> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[1 << 16];
        var received = await socket.ReceiveAsync(buffer, None).WaitAsync(TimeSpan.FromSeconds(20));
        return received.MessageType == WebSocketMessageType.Close ? null
            : JsonSerializer.Deserialize<FrameAnswer>(buffer.AsSpan(0, received.Count), FerMlJson.Options);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 200 && !isSo(); i++)
            await Task.Delay(50);
        Assert.That(isSo());
    }
}
