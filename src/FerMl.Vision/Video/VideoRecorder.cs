using System.Buffers.Binary;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Records frames to a video file, .mp4, .webm or .avi. The complete file appears under its name when the recorder is disposed of. Frames
/// are repeated so that the video lasts as long as its source, however irregular the frames are.
/// </summary>
public sealed class VideoRecorder : IDisposable
{
    private const double UsualRate = 25;
    // A longer pause of a camera becomes a cut rather than a frozen frame. A file's frame keeps its duration up to a limit, since a damaged
    // file may claim hours.
    private const int MaxRepeatsOfCamera = 50, MaxSecondsOfFile = 600;

    private const string H264 = "avc1", Mp4 = ".mp4", WebM = ".webm", Avi = ".avi";

    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _overwrite;
    private readonly double _rate;
    private readonly string[] _codecs;
    private readonly string[]? _ffmpeg;
    private readonly DisposeGuard _gate = new(typeof(VideoRecorder));
    private readonly FileLock _lock;
    private VideoWriter? _writer;
    private FfmpegEncoder? _encoder;
    private Size _size;
    private long _written;
    private long _frames;

    /// <summary>Prepares a recording; the first frame opens the file.</summary>
    /// <param name="path">The file, ending in .mp4 (H.264 by the system's ffmpeg or own encoder; otherwise MPEG-4, which browsers don't
    /// play), .webm (VP8 by ffmpeg) or .avi (Motion JPEG).</param>
    /// <param name="framesPerSecond">Frames per second, above 0 and at most 240; null for 25.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="VisionException">The extension is not supported, or .webm without ffmpeg.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or another recording to it is running.</exception>
    public VideoRecorder(string path, double? framesPerSecond = null, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        OpenCv.EnsureLoaded();
        var ending = Path.GetExtension(path).ToLowerInvariant();
        (_ffmpeg, _codecs) = ending switch
        {
            // H.264 where the system has an encoder; the one that OpenCV could bring isn't free to ship.
            Mp4 => (FfmpegEncoder.H264, [H264, "mp4v"]),
            WebM => (FfmpegEncoder.Vp8, []),
            Avi => ((string[]?)null, (string[])["MJPG"]),
            _ => throw new VisionException($"{path}: videos are written as .mp4, .webm or .avi; give a name with one of these endings."),
        };
        if (ending == WebM && _ffmpeg is null)
            throw new VisionException($"{path}: .webm needs the program ffmpeg: {Ffmpeg.Remedy}; or give a name with .mp4.");
        AtomicFile.CheckFree(path, overwrite);
        (_path, _overwrite) = (path, overwrite);
        _rate = framesPerSecond is > 0 and <= 240 and var rate ? rate : UsualRate;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _lock = FileLock.Take(folder, $".{Path.GetFileName(path)}.lock");
        _temporary = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(path)}.tmp{ending}");
    }

    /// <summary>Whether long frames keep their duration: a file's do, a camera's don't. Default: false.</summary>
    internal bool KeepsPauses { get; init; }

    /// <summary>
    /// Whether browsers play the recording: WebM, and H.264 where ffmpeg or the system has an encoder. MPEG-4 and Motion JPEG need a player
    /// such as VLC.
    /// </summary>
    public bool PlaysInBrowsers { get; private set; }

    /// <summary>Writes a frame. A frame of another size than the first is scaled to fit, with black bars.</summary>
    /// <param name="image">BGR, 8 bits per channel.</param>
    /// <param name="time">The frame's time from the beginning.</param>
    /// <exception cref="VisionException">The file can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The recorder was disposed of: its file is complete.</exception>
    public void Write(Mat image, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var guard = _gate.Enter();
        if (_writer is null && _encoder is null)
            Open(image.Size());
        // Half a frame of tolerance: times come from a clock, positions in a video are integers.
        var due = (long)(time.TotalSeconds * _rate + 0.5) + 1;
        using var fitted = image.Size() == _size ? null : Fit(image);
        if (due - _written > (KeepsPauses ? MaxSecondsOfFile * _rate : MaxRepeatsOfCamera))
            _written = due - 1;
        for (; _written < due; _written++)
        {
            _encoder?.Write(fitted ?? image);
            _writer?.Write(fitted ?? image);
            _frames++;
        }
    }

    /// <summary>Completes the file and renames it. Without a frame there is no file.</summary>
    /// <exception cref="VisionException">The video isn't complete on disk.</exception>
    /// <exception cref="IOException">The file can't be renamed.</exception>
    public void Dispose() => _gate.Close(() =>
    {
        using (_lock)
            Complete();
    });

    private void Complete()
    {
        if (_writer is null && _encoder is null)
            return;
        // Ctrl+C reaches ffmpeg, too, which then completes the file with the frames that it has.
        var wasInterrupted = _encoder?.Complete() == false;
        _encoder?.Dispose();
        _writer?.Dispose();
        (_writer, _encoder) = (null, null);
        // OpenCV doesn't report write errors, so the recording is opened again.
        if (!IsComplete(_temporary, wasInterrupted ? 1 : _frames))
        {
            File.Delete(_temporary);
            throw new VisionException($"{_path}: the video couldn't be finished and isn't kept; is the disk full?");
        }
        AtomicFile.Move(_temporary, _path, _overwrite);
    }

    /// <summary>Whether a video contains all frames written.</summary>
    internal static bool IsComplete(string path, long frames)
    {
        if (!File.Exists(path) || !HasAllItsBytes(path))
            return false;
        using var written = new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        if (!written.IsOpened() || written.FrameCount < Math.Max(1, frames - 1))
            return false;
        // The last frame is the first that a full disk cuts off.
        using var last = new Mat();
        return (written.FrameCount == 1 || written.Set(VideoCaptureProperties.PosFrames, written.FrameCount - 1))
            && FrameSources.TryRead(written, last);
    }

    /// <summary>Checks the length that an AVI file states in bytes 5 to 8 (RIFF); a truncated MP4 file can't be opened.</summary>
    private static bool HasAllItsBytes(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[8];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && (!header.StartsWith("RIFF"u8) || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) + (long)header.Length <= file.Length);
    }

    private void Open(Size size)
    {
        // Encoders need even sides.
        _size = new Size(Math.Max(2, size.Width & ~1), Math.Max(2, size.Height & ~1));
        if (_ffmpeg is not null)
        {
            PlaysInBrowsers = true;
            _encoder = new FfmpegEncoder(_temporary, _ffmpeg, _rate, _size, _path);
            return;
        }
        foreach (var codec in _codecs)
        {
            _writer = new VideoWriter(_temporary, FourCC.FromString(codec), _rate, _size);
            PlaysInBrowsers = codec == H264;
            if (_writer.IsOpened())
                return;
            _writer.Dispose();
            _writer = null;
        }
        throw new VisionException(
            $"{_path}: the video can't be written; is the folder writable, the disk full, or the frame of {size.Width}x{size.Height} "
                + "too large?");
    }

    private Mat Fit(Mat image)
    {
        var scale = Math.Min((double)_size.Width / image.Width, (double)_size.Height / image.Height);
        var size = new Size(
            Math.Clamp((int)(image.Width * scale), 1, _size.Width), Math.Clamp((int)(image.Height * scale), 1, _size.Height));
        var fitted = new Mat(_size, MatType.CV_8UC3, Scalar.Black);
        using var place = fitted.SubMat(
            new Rect((_size.Width - size.Width) / 2, (_size.Height - size.Height) / 2, size.Width, size.Height));
        Cv2.Resize(image, place, size, 0, 0, InterpolationFlags.Area);
        return fitted;
    }
}
