using System.Diagnostics;
using System.Threading.Channels;

namespace FerMl.Vision;

/// <summary>
/// Processes a source in a pipeline of three stages: one reads and decodes frames, one recognizes the faces in them, and the caller's
/// thread shows the results. One frame waits between two stages. A camera never waits: where processing is slower, a newer frame replaces
/// the waiting one, so that what is shown is never old.
/// </summary>
public sealed class VideoLoop
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly IFrameSource _source;
    private readonly FaceReader _reader;
    private readonly VideoLoopOptions _options;
    private long _dropped;
    private volatile bool _isPaused;

    /// <summary>Creates a loop over a source. It doesn't dispose of source and reader.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public VideoLoop(IFrameSource source, FaceReader reader, VideoLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(reader);
        (_source, _reader, _options) = (source, reader, options ?? new VideoLoopOptions());
        OptionsValidator.Check(_options);
    }

    /// <summary>Number of frames that were read but dropped because processing couldn't keep up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Whether the loop is paused. A file stops at its position; a camera's frames are discarded.</summary>
    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    private bool DropsFrames => _source.IsLive || (_options.RealTime && _source.FramesPerSecond is not null);

    /// <summary>Runs to the end of the source, or until it is stopped.</summary>
    /// <param name="show">Receives each frame with its result, in order, on the caller's thread; returns false to end the loop. The frame
    /// is freed when it returns.</param>
    /// <param name="idle">Called on the caller's thread every ten milliseconds while no frame comes, so that a window stays responsive;
    /// returns false to end the loop.</param>
    /// <param name="cancellationToken">Cancels the loop.</param>
    /// <exception cref="VisionException">The source failed. All earlier frames were shown.</exception>
    public void Run(Func<Frame, FrameResult, bool> show, Func<bool>? idle = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(show);
        _reader.Pace = DropsFrames ? new DetectionPace() : null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var captured = Channel.CreateBounded<Frame>(
            new BoundedChannelOptions(1)
            {
                FullMode = DropsFrames ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.Wait,
                SingleReader = true,
                SingleWriter = true,
            },
            Drop);
        var seen = Channel.CreateBounded<(Frame Frame, FrameResult Seen)>(new BoundedChannelOptions(1)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        var capturing = Task.Run(() => CaptureAsync(captured.Writer, stop.Token), CancellationToken.None);
        var reading = Task.Run(() => ReadAsync(captured.Reader, seen.Writer, stop.Token), CancellationToken.None);
        try
        {
            while (Next(seen.Reader, idle, stop.Token) is { } next)
                using (next.Frame)
                    if (!show(next.Frame, next.Seen))
                        break;
        }
        finally
        {
            stop.Cancel();
            _source.Cancel();
            // Their errors come through the channels; this only waits until they end.
            Task.WhenAll(capturing, reading)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .Wait(CancellationToken.None);
            while (captured.Reader.TryRead(out var frame))
                frame.Dispose();
            while (seen.Reader.TryRead(out var left))
                left.Frame.Dispose();
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <returns>The next frame, or null at the end or if the user quits.</returns>
    private static (Frame Frame, FrameResult Seen)? Next(
        ChannelReader<(Frame, FrameResult)> results, Func<bool>? idle, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (results.TryRead(out var next))
                return next;
            var ready = results.WaitToReadAsync(cancellation).AsTask();
            while (Task.WaitAny([ready], idle is null ? Timeout.Infinite : (int)PollInterval.TotalMilliseconds, CancellationToken.None) < 0)
                if (!idle!())
                    return null;
            if (!ready.GetAwaiter().GetResult())
                return null;
        }
    }

    private async Task CaptureAsync(ChannelWriter<Frame> frames, CancellationToken cancellation)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            for (var count = 0L; count != _options.MaxFrames; count++)
            {
                await WhilePausedAsync(clock, cancellation).ConfigureAwait(false);
                if (_source.Read() is not { } frame)
                    break;
                await KeepPaceAsync(clock, frame, cancellation).ConfigureAwait(false);
                if (_isPaused && _source.IsLive)
                    frame.Dispose();
                else
                    await WriteAsync(frames, frame, cancellation).ConfigureAwait(false);
            }
            frames.Complete();
        }
        catch (Exception e)
        {
            // Every exception reaches the caller, after the frames that came before.
            frames.Complete(e);
        }
    }

    private async Task ReadAsync(ChannelReader<Frame> frames, ChannelWriter<(Frame, FrameResult)> results, CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in frames.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                FrameResult seen;
                try
                {
                    seen = _source.IsContinuous ? _reader.ReadNext(frame) : _reader.ReadPhoto(frame);
                }
                catch
                {
                    frame.Dispose();
                    throw;
                }
                await WriteAsync(results, (frame, seen), frame, cancellation).ConfigureAwait(false);
            }
            results.Complete();
        }
        catch (Exception e)
        {
            results.Complete(e);
        }
    }

    /// <summary>Waits while a file is paused.</summary>
    private async Task WhilePausedAsync(Stopwatch clock, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_isPaused && !_source.IsLive)
        {
            clock.Stop();
            await Task.Delay(PollInterval, cancellation).ConfigureAwait(false);
        }
        clock.Start();
    }

    /// <summary>Waits until the frame is due, where a file is played in real time.</summary>
    private async Task KeepPaceAsync(Stopwatch clock, Frame frame, CancellationToken cancellation)
    {
        var early = frame.Time - clock.Elapsed;
        if (_source.IsLive || !DropsFrames || early <= TimeSpan.Zero)
            return;
        try
        {
            await Task.Delay(early, cancellation).ConfigureAwait(false);
            // Latency counts from when the frame is due.
            frame.CapturedAt = Stopwatch.GetTimestamp();
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static Task WriteAsync(ChannelWriter<Frame> frames, Frame frame, CancellationToken cancellation) =>
        WriteAsync(frames, frame, frame, cancellation);

    private static async Task WriteAsync<T>(ChannelWriter<T> writer, T item, Frame frame, CancellationToken cancellation)
    {
        try
        {
            await writer.WriteAsync(item, cancellation).ConfigureAwait(false);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private void Drop(Frame frame)
    {
        frame.Dispose();
        Interlocked.Increment(ref _dropped);
    }
}
