using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using FerMl.Vision;

namespace FerMl.Service;

/// <summary>
/// A client that sends live video over a WebSocket and receives the faces of each frame. Each message is one frame: its number (32-bit
/// integer) and its time in milliseconds (64-bit floating point), both little-endian, then an encoded image. While a frame is processed,
/// only the newest of the frames that arrive is kept. Nothing is stored.
/// </summary>
internal sealed class LiveSession(WebSocket socket, FaceReader reader, RateLimiter work, ServiceMetrics metrics)
{
    /// <summary>Maximum message size in bytes. An encoded frame is much smaller.</summary>
    public const int MaxMessage = 2 << 20;

    /// <summary>Maximum number of pixels of a frame: 2560x1600.</summary>
    public const int MaxPixels = 2560 * 1600;

    private const int HeaderLength = sizeof(uint) + sizeof(double);

    // How long the client may take to answer a close.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestSend = TimeSpan.FromSeconds(5);

    // A time that jumps back by more is a restarted video; by less, clock jitter.
    private static readonly TimeSpan NewScene = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);

    private long _dropped;
    private TimeSpan _last;

    /// <summary>Answers frames until the client disconnects or the service stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var frames = Channel.CreateBounded<Arrived>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true },
            _ =>
            {
                Interlocked.Increment(ref _dropped);
                metrics.FrameDropped();
            });
        // Canceling a socket operation aborts the connection. So a pending answer is still sent, and the client has a moment to receive the
        // close.
        using var broken = new CancellationTokenSource();
        using var stop = stopping.Register(() => broken.CancelAfter(Patience));
        var receiving = ReceiveAsync(frames.Writer, broken.Token);
        try
        {
            await AnswerAsync(frames.Reader, stopping, broken.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or the service stops.
        }
        await CloseAsync(stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure,
            stopping.IsCancellationRequested ? "the service is stopping" : null);
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
                        await CloseAsync(WebSocketCloseStatus.InvalidMessageType, "frames must be binary messages");
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
                    await CloseAsync(WebSocketCloseStatus.InvalidPayloadData, "a frame needs a number, a time and an image");
                    return;
                }
                await frames.WriteAsync(new Arrived(message.GetBuffer().AsMemory(0, (int)message.Length), Stopwatch.GetTimestamp()),
                    broken);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
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
                // Run elsewhere, because this thread may be one that reads sockets.
                answer = await Task.Run(() => Process(frame, lease.IsAcquired), CancellationToken.None);
            // A client that doesn't read its answers is disconnected after a while.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(broken);
            patience.CancelAfter(LongestSend);
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(answer, FerMlJson.Line), WebSocketMessageType.Text, endOfMessage: true,
                patience.Token);
        }
    }

    private FrameAnswer Process(Arrived arrived, bool hasRoom)
    {
        var message = arrived.Message.Span;
        var number = BinaryPrimitives.ReadUInt32LittleEndian(message);
        var milliseconds = BinaryPrimitives.ReadDoubleLittleEndian(message[sizeof(uint)..]);
        // Clients may send invalid times, so time never runs backward within a scene.
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
            var result = reader.ReadNext(Photo.DecodeGray(message[HeaderLength..], "frame", MaxPixels), number, _last, "live");
            var took = Stopwatch.GetElapsedTime(arrived.At);
            metrics.Record(ServiceMetrics.Live, result.Faces.Count, took);
            return new FrameAnswer(number, result.Width, result.Height, FaceAnswer.Of(result.Faces), took.TotalMilliseconds,
                Interlocked.Read(ref _dropped), result.Problem);
        }
        catch (VisionException e)
        {
            return NotClassified(e.Message);
        }
        catch (ObjectDisposedException)
        {
            return NotClassified("the service is stopping");
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
            // The client is already gone.
        }
    }

    private readonly record struct Arrived(ReadOnlyMemory<byte> Message, long At);
}
