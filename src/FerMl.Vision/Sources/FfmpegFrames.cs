using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads the frames of one <c>ffmpeg</c> input as YUV4MPEG2 from a pipe: a header line with size and rate, then for each frame a line and
/// its pixels. An input that sends nothing for too long is closed.
/// </summary>
internal sealed class FfmpegFrames : IDisposable
{
    private const int LongestHeader = 512, KeptLines = 20;

    private readonly Process _process;
    private readonly Stream _output;
    private readonly Queue<string> _said = [];
    private readonly Lock _lock = new();
    private readonly string _input, _name;
    private readonly byte[] _one = new byte[1];
    private readonly CancellationToken _cancellation;
    private readonly Mat? _planes;
    private bool _isSilent;
    private bool _hasDuration;

    /// <summary>Opens an input.</summary>
    /// <param name="input">A path or a URL.</param>
    /// <param name="options">ffmpeg's options for the input (before <c>-i</c>) and for the output (after it).</param>
    /// <param name="name">The name to use in messages.</param>
    /// <param name="patience">The maximum time to open it.</param>
    /// <param name="cancellation">Cancels opening and reading.</param>
    /// <exception cref="VisionException">ffmpeg isn't installed, or the input can't be opened.</exception>
    public FfmpegFrames(string input, (string[] Input, string[] Output) options, string name, TimeSpan patience,
        CancellationToken cancellation)
    {
        (_input, _name, _cancellation) = (input, name, cancellation);
        _process = Ffmpeg.Start(
            ["-nostdin", .. options.Input, "-i", input, "-map", "0:v:0", "-an", "-sn", .. options.Output,
                // Chroma is subsampled by 2, so sides must be even.
                "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-strict", "-1", "-f", "yuv4mpegpipe", "pipe:1"],
            ReadMessage);
        _output = _process.StandardOutput.BaseStream;
        try
        {
            var header = WithPatience(patience, ReadLine) ?? throw Failure("can't be opened");
            (Size, FramesPerSecond) = Parse(header);
            FrameSources.CheckSize(Size.Width, Size.Height, name);
            _planes = new Mat(Size.Height / 2 * 3, Size.Width, MatType.CV_8UC1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Width and height in pixels.</summary>
    public Size Size { get; }

    /// <summary>Frames per second, or null where unknown.</summary>
    public double? FramesPerSecond { get; }

    /// <summary>Whether the input announces its duration, as a video file on a server does.</summary>
    public bool HasDuration
    {
        get
        {
            lock (_lock)
                return _hasDuration;
        }
    }

    /// <summary>The next frame, or null at the end.</summary>
    /// <param name="patience">The maximum time to wait.</param>
    /// <exception cref="VisionException">No frame came in time.</exception>
    public Mat? Read(TimeSpan patience)
    {
        if (WithPatience(patience, ReadPixels))
        {
            var image = new Mat();
            Cv2.CvtColor(_planes!, image, ColorConversionCodes.YUV2BGR_I420);
            return image;
        }
        return _isSilent ? throw new VisionException($"{_name}: no frame came for {patience.TotalSeconds.Invariant()} seconds.") : null;
    }

    /// <summary>Whether ffmpeg exited normally, or by a signal such as that of Ctrl+C, once <see cref="Read"/> has returned null.</summary>
    public bool HasEndedWell => _process.WaitForExit(1_000) && _process.ExitCode is 0 or Ffmpeg.Interrupted;

    public void Dispose()
    {
        Ffmpeg.Kill(_process);
        _process.WaitForExit();
        _process.Dispose();
        _planes?.Dispose();
    }

    /// <summary>Creates the exception for a failure.</summary>
    public VisionException Failure(string what)
    {
        if (_isSilent)
            return new VisionException($"{_name} {what}: it doesn't answer.");
        Ffmpeg.WaitForErrorOutput(_process);
        lock (_lock)
            return new VisionException(
                $"{_name} {what}: {Ffmpeg.Cause(_said)?.Replace($"{_name}: ", "", StringComparison.Ordinal) ?? "ffmpeg doesn't say why"}.");
    }

    /// <param name="line">A line of standard error, which may contain the input with its password.</param>
    private void ReadMessage(string line)
    {
        line = line.Replace(_input, _name, StringComparison.Ordinal);
        lock (_lock)
        {
            _hasDuration |= line.StartsWith("  Duration: ", StringComparison.Ordinal)
                && !line.StartsWith("  Duration: N/A", StringComparison.Ordinal);
            _said.Enqueue(line);
            if (_said.Count > KeptLines)
                _said.Dequeue();
        }
    }

    /// <summary>Runs a read, and kills ffmpeg where that takes too long.</summary>
    private T WithPatience<T>(TimeSpan patience, Func<T> read)
    {
        using var watchdog = new Timer(
            _ =>
            {
                _isSilent = true;
                Ffmpeg.Kill(_process);
            }, null, patience, Timeout.InfiniteTimeSpan);
        using var cancelled = _cancellation.Register(() => Ffmpeg.Kill(_process));
        return read();
    }

    private bool ReadPixels()
    {
        if (ReadLine() is not { } line || !line.StartsWith("FRAME", StringComparison.Ordinal))
            return false;
        var pixels = _planes!.AsSpan<byte>();
        return _output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false) == pixels.Length;
    }

    private string? ReadLine()
    {
        var line = new StringBuilder();
        while (line.Length < LongestHeader && _output.Read(_one, 0, 1) == 1)
        {
            if (_one[0] == '\n')
                return line.ToString();
            line.Append((char)_one[0]);
        }
        return null;
    }

    /// <summary>Parses a header such as "YUV4MPEG2 W640 H360 F25:1 Ip A1:1 C420".</summary>
    private (Size, double?) Parse(string header)
    {
        string[] fields = header.Split(' ');
        var rate = Field('F')?.Split(':') is [var over, var under] && double.TryParse(over, CultureInfo.InvariantCulture, out var frames)
            && double.TryParse(under, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? frames / seconds : 0;
        return fields[0] == "YUV4MPEG2" && int.TryParse(Field('W'), CultureInfo.InvariantCulture, out var width)
            && int.TryParse(Field('H'), CultureInfo.InvariantCulture, out var height)
            ? (new Size(width, height), rate is > 0 and < 1000 ? rate : null)
            : throw new VisionException($"{_name}: ffmpeg sent '{header}' where frames were expected.");

        string? Field(char name) => fields.FirstOrDefault(field => field.StartsWith(name))?[1..];
    }
}
