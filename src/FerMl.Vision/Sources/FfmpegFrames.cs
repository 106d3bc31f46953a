using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// The frames of one input of <c>ffmpeg</c>, as YUV4MPEG2 comes through its pipe: a line with the size and rate, and after that for each
/// frame a line and its pixels. An input that gives nothing for too long is ended.
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
    /// <param name="input">A path or an address.</param>
    /// <param name="options">Options of ffmpeg for the input, and after <c>-i</c> for the output.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="patience">How long it may take to open.</param>
    /// <param name="cancellation">Ends what waits: opening, and reading.</param>
    /// <exception cref="VisionException">There is no ffmpeg, or the input can't be opened.</exception>
    public FfmpegFrames(string input, (string[] Input, string[] Output) options, string name, TimeSpan patience,
        CancellationToken cancellation)
    {
        (_input, _name, _cancellation) = (input, name, cancellation);
        _process = Ffmpeg.Start(
            ["-nostdin", .. options.Input, "-i", input, "-map", "0:v:0", "-an", "-sn", .. options.Output,
                // Chroma has half the size: sides are even.
                "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-strict", "-1", "-f", "yuv4mpegpipe", "pipe:1"],
            Hear);
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

    /// <summary>Frames per second, or null where that isn't known.</summary>
    public double? FramesPerSecond { get; }

    /// <summary>Whether it has an end that was announced, as a video file on a server has.</summary>
    public bool HasDuration
    {
        get
        {
            lock (_lock)
                return _hasDuration;
        }
    }

    /// <summary>The next frame, or null at the end.</summary>
    /// <param name="patience">How long to wait for it.</param>
    /// <exception cref="VisionException">It didn't come in time.</exception>
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

    /// <summary>Whether it ended as it should, or by a signal such as that of Ctrl+C, once <see cref="Read"/> has given null.</summary>
    public bool HasEndedWell => _process.WaitForExit(1_000) && _process.ExitCode is 0 or Ffmpeg.Interrupted;

    public void Dispose()
    {
        Ffmpeg.Kill(_process);
        _process.WaitForExit();
        _process.Dispose();
        _planes?.Dispose();
    }

    /// <summary>What to say when it fails.</summary>
    public VisionException Failure(string what)
    {
        if (_isSilent)
            return new VisionException($"{_name} {what}: it doesn't answer.");
        Ffmpeg.WaitForItsLastWords(_process);
        lock (_lock)
            return new VisionException(
                $"{_name} {what}: {Ffmpeg.Cause(_said)?.Replace($"{_name}: ", "", StringComparison.Ordinal) ?? "ffmpeg doesn't say why"}.");
    }

    /// <param name="line">What ffmpeg says, in which the input may stand with its password.</param>
    private void Hear(string line)
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

    /// <summary>Lets something be read, and ends the program where that takes too long.</summary>
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

    /// <summary>Reads "YUV4MPEG2 W640 H360 F25:1 Ip A1:1 C420".</summary>
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
