using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using FerMl.Vision;

namespace FerMl.Service;

/// <summary>
/// Somebody who sends live video over a WebSocket and is told of the faces in it. Each message is a frame: its number (32 bits) and its
/// time in milliseconds (64 bits, floating point), both with the low byte first, then an encoded image. Of frames that come while one is
/// looked at only the newest is kept. Nothing is stored.
/// </summary>
internal sealed class LiveSession(WebSocket socket, FaceReader reader, RateLimiter work, ServiceMetrics metrics)
{
    /// <summary>The largest message: an image of a frame is much smaller.</summary>
    public const int MaxMessage = 2 << 20;

    /// <summary>The most pixels of a frame: 2560x1600.</summary>
    public const int MaxPixels = 2560 * 1600;

    private const int HeaderLength = sizeof(uint) + sizeof(double);

    // What the other side has to answer a close.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(5);

    // A film that begins again, and not a clock that is a little off.
    private static readonly TimeSpan NewScene = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    private long _dropped;
    private TimeSpan _last;

    /// <summary>Answers until the other side or the service ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var frames = Channel.CreateBounded<Arrived>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
            _ =>
            {
                Interlocked.Increment(ref _dropped);
                metrics.FrameDropped();
            });
        // Cancelling what a socket does breaks its connection, so an answer under way is still sent, and the other side has a moment to
        // learn of the end.
        using var broken = new CancellationTokenSource();
        using var stop = stopping.Register(() => broken.CancelAfter(Patience));
        var receiving = ReceiveAsync(frames.Writer, broken.Token);
        try
        {
            await AnswerAsync(frames.Reader, stopping, broken.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone, or the service stops.
        }
        await CloseAsync(stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure,
            stopping.IsCancellationRequested ? "the service stops" : null);
        broken.CancelAfter(Patience);
        await receiving;
    }

    private async Task ReceiveAsync(ChannelWriter<Arrived> frames, CancellationToken broken)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                using var message = new MemoryStream();
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await socket.ReceiveAsync(buffer.AsMemory(), broken);
                    if (received.MessageType == WebSocketMessageType.Close)
                        return;
                    if (received.MessageType != WebSocketMessageType.Binary)
                    {
                        await CloseAsync(WebSocketCloseStatus.InvalidMessageType, "frames are binary messages");
                        return;
                    }
                    message.Write(buffer, 0, received.Count);
                    if (message.Length > MaxMessage)
                    {
                        await CloseAsync(WebSocketCloseStatus.MessageTooBig, "a frame is too large");
                        return;
                    }
                }
                while (!received.EndOfMessage);
                if (message.Length <= HeaderLength)
                {
                    await CloseAsync(WebSocketCloseStatus.InvalidPayloadData, "a frame has a number, a time and an image");
                    return;
                }
                await frames.WriteAsync(new Arrived(message.GetBuffer().AsMemory(0, (int)message.Length), Stopwatch.GetTimestamp()),
                    broken);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone.
        }
        finally
        {
            frames.TryComplete();
        }
    }

    private async Task AnswerAsync(ChannelReader<Arrived> frames, CancellationToken stopping, CancellationToken broken)
    {
        await foreach (var frame in frames.ReadAllAsync(stopping))
        {
            FrameAnswer answer;
            using (var lease = await work.AcquireAsync(1, stopping))
                // Off this thread's way, which may be one that reads sockets.
                answer = await Task.Run(() => Look(frame, lease.IsAcquired), CancellationToken.None);
            // Who doesn't read what is answered holds up nobody else, and not for long.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(broken);
            patience.CancelAfter(LongestSend);
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(answer, FerMlJson.Line), WebSocketMessageType.Text, endOfMessage: true,
                patience.Token);
        }
    }

    private FrameAnswer Look(Arrived arrived, bool hasRoom)
    {
        var message = arrived.Message.Span;
        var number = BinaryPrimitives.ReadUInt32LittleEndian(message);
        var milliseconds = BinaryPrimitives.ReadDoubleLittleEndian(message[sizeof(uint)..]);
        // Whatever a clock elsewhere says, time continues.
        var time = milliseconds >= 0 && milliseconds < LongestTime.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : _last;
        if (time < _last - NewScene)
        {
            reader.Restart();
            _last = time;
        }
        _last = time > _last ? time : _last;
        if (!hasRoom)
            return NotClassified("the service is busy");
        try
        {
            var seen = reader.ReadNext(Photo.DecodeGray(message[HeaderLength..], "frame", MaxPixels), number, _last, "live");
            var took = Stopwatch.GetElapsedTime(arrived.At);
            metrics.Record(ServiceMetrics.Live, seen.Faces.Count, took);
            return new FrameAnswer(number, seen.Width, seen.Height, FaceAnswer.Of(seen.Faces), took.TotalMilliseconds,
                Interlocked.Read(ref _dropped), seen.Problem);
        }
        catch (VisionException e)
        {
            return NotClassified(e.Message);
        }
        catch (ObjectDisposedException)
        {
            return NotClassified("the service stops");
        }

        FrameAnswer NotClassified(string why) => new(number, 0, 0, [], Stopwatch.GetElapsedTime(arrived.At).TotalMilliseconds,
            Interlocked.Read(ref _dropped), why);
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string? why)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await socket.CloseOutputAsync(status, why, patience.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    private readonly record struct Arrived(ReadOnlyMemory<byte> Message, long At);
}
