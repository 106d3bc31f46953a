using System.Buffers.Binary;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Writes frames to a video file, .mp4, .webm or .avi. The file appears under its name when the recorder is disposed of, whole. Frames are
/// repeated so that the video takes as long as what it shows, however unevenly they came.
/// </summary>
public sealed class VideoRecorder : IDisposable
{
    private const double UsualRate = 25;
    // A camera that was silent for longer leaves a cut, not a frozen frame; a file's frame is as long as it is, but for one that claims to
    // last for hours.
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

    /// <summary>Prepares a recording; the file is opened with the first frame.</summary>
    /// <param name="path">The file, ending in .mp4 (H.264 by the system's ffmpeg or its own encoder; else MPEG-4, which browsers don't
    /// play), .webm (VP8 by ffmpeg) or .avi (Motion JPEG).</param>
    /// <param name="framesPerSecond">Frames a second, above 0 and at most 240; null for 25.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <exception cref="VisionException">The ending is another, or .webm without ffmpeg.</exception>
    /// <exception cref="IOException">The file is there already and may not be replaced, or another recording is being made
    /// there.</exception>
    public VideoRecorder(string path, double? framesPerSecond = null, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        OpenCv.EnsureLoaded();
        var ending = Path.GetExtension(path).ToLowerInvariant();
        (_ffmpeg, _codecs) = ending switch
        {
            // H.264 where there is an encoder for it: that is the system's, since the one that OpenCV could bring isn't free to ship.
            Mp4 => (FfmpegEncoder.H264, [H264, "mp4v"]),
            WebM => (FfmpegEncoder.Vp8, []),
            Avi => ((string[]?)null, (string[])["MJPG"]),
            _ => throw new VisionException($"{path}: videos are written as .mp4, .webm or .avi; give a name with one of these endings."),
        };
        if (ending == WebM && _ffmpeg is null)
            throw new VisionException($"{path}: .webm is written by the program ffmpeg: {Ffmpeg.Remedy}; or give a name with .mp4.");
        AtomicFile.CheckFree(path, overwrite);
        (_path, _overwrite) = (path, overwrite);
        _rate = framesPerSecond is > 0 and <= 240 and var rate ? rate : UsualRate;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _lock = FileLock.Take(folder, $".{Path.GetFileName(path)}.lock");
        _temporary = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(path)}.tmp{ending}");
    }

    /// <summary>Whether a frame that lasts for long is written so long: a file's, not a camera's. Default: false.</summary>
    internal bool KeepsPauses { get; init; }

    /// <summary>
    /// Whether browsers play what is written: WebM, and H.264, which is written where ffmpeg or the system has an encoder for it. MPEG-4
    /// and Motion JPEG want a player such as VLC.
    /// </summary>
    public bool PlaysInBrowsers { get; private set; }

    /// <summary>Writes a frame. One of another size than the first is fitted into that, with black beside it.</summary>
    /// <param name="image">Blue, green, red; 8 bits each.</param>
    /// <param name="time">When it is shown, from the beginning.</param>
    /// <exception cref="VisionException">The file can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The recorder was disposed of: its file is complete.</exception>
    public void Write(Mat image, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var turn = _gate.Enter();
        if (_writer is null && _encoder is null)
            Open(image.Size());
        // Half a frame of tolerance: times come from a clock, places in a video are whole.
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

    /// <summary>Completes the file and gives it its name. Without a frame there is no file.</summary>
    /// <exception cref="VisionException">Nothing reached the disk.</exception>
    /// <exception cref="IOException">It can't be given its name.</exception>
    public void Dispose() => _gate.Close(() =>
    {
        using (_lock)
            Complete();
    });

    private void Complete()
    {
        if (_writer is null && _encoder is null)
            return;
        // Ctrl+C reaches ffmpeg too, which then completes the file with what it had.
        var wasInterrupted = _encoder?.Complete() == false;
        _encoder?.Dispose();
        _writer?.Dispose();
        (_writer, _encoder) = (null, null);
        // OpenCV doesn't say when it can't write, so what was written is opened again.
        if (!IsComplete(_temporary, wasInterrupted ? 1 : _frames))
        {
            File.Delete(_temporary);
            throw new VisionException($"{_path}: the video couldn't be written to its end, and isn't kept; is the disk full?");
        }
        AtomicFile.Move(_temporary, _path, _overwrite);
    }

    /// <summary>Whether a video holds what was written.</summary>
    internal static bool IsComplete(string path, long frames)
    {
        if (!File.Exists(path) || !HasAllItsBytes(path))
            return false;
        using var written = new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        if (!written.IsOpened() || written.FrameCount < Math.Max(1, frames - 1))
            return false;
        // The last one, which a full disk cuts off first.
        using var last = new Mat();
        return (written.FrameCount == 1 || written.Set(VideoCaptureProperties.PosFrames, written.FrameCount - 1))
            && FrameSources.TryRead(written, last);
    }

    /// <summary>An AVI file tells its length in its fifth to eighth byte (RIFF); an MP4 file that is cut short can't be opened.</summary>
    private static bool HasAllItsBytes(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[8];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && (!header.StartsWith("RIFF"u8) || BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) + (long)header.Length <= file.Length);
    }

    private void Open(Size size)
    {
        // Encoders want even sides.
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
            $"{_path}: the video can't be written; is the folder writable, the disk full, or the frame of {size.Width}x{size.Height} too "
                + $"large?");
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
