using System.Diagnostics;
using System.Globalization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>Encodes a video with the system's <c>ffmpeg</c>, which receives the frames through a pipe.</summary>
internal sealed class FfmpegEncoder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Lazy<string> Encoders = new(ListEncoders);

    private readonly Process _process;
    private readonly Queue<string> _said = [];
    private readonly string _name;
    private bool _isBroken;

    /// <summary>Starts a video.</summary>
    /// <param name="file">The file to write, replaced if it exists.</param>
    /// <param name="codec">The codec's options: <see cref="H264"/> or <see cref="Vp8"/>.</param>
    /// <param name="rate">Frames per second.</param>
    /// <param name="size">Width and height of the frames, even numbers.</param>
    /// <param name="name">The name to use in messages.</param>
    /// <exception cref="VisionException">ffmpeg can't be run.</exception>
    public FfmpegEncoder(string file, string[] codec, double rate, Size size, string name)
    {
        _name = name;
        _process = Ffmpeg.Start(
            ["-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-video_size", $"{size.Width}x{size.Height}", "-framerate",
                rate.ToString("R", CultureInfo.InvariantCulture), "-i", "pipe:0", .. codec, "-pix_fmt", "yuv420p", Path.GetFullPath(file)],
            line =>
            {
                lock (_said)
                    _said.Enqueue(line);
            });
    }

    /// <summary>Options for H.264, or null where ffmpeg or its encoder is missing.</summary>
    public static string[]? H264 =>
        Has("libx264") ? ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23"] : null;

    /// <summary>Options for VP8, the WebM codec that every ffmpeg has; null where it is missing.</summary>
    public static string[]? Vp8 =>
        Has("libvpx") ? ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "5", "-b:v", "2M", "-crf", "10"] : null;

    /// <summary>Writes a frame.</summary>
    /// <param name="image">BGR, 8 bits per channel, of the given size.</param>
    /// <exception cref="VisionException">The frame can't be written.</exception>
    public void Write(Mat image)
    {
        if (_isBroken)
            return;
        using var joined = image.IsContinuous() ? null : image.Clone();
        try
        {
            _process.StandardInput.BaseStream.Write((joined ?? image).AsSpan<byte>());
        }
        catch (IOException)
        {
            _isBroken = true;
            if (_process.WaitForExit(Patience) && _process.ExitCode != Ffmpeg.Interrupted)
                throw Failure();
        }
    }

    /// <summary>Completes the file.</summary>
    /// <returns>False if a signal ended ffmpeg before it received all frames.</returns>
    /// <exception cref="VisionException">The file can't be written.</exception>
    public bool Complete()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has exited; its exit code tells how.
        }
        if (!_process.WaitForExit(Patience))
            throw new VisionException($"{_name}: ffmpeg doesn't exit after the last frame.");
        return _process.ExitCode is 0 or Ffmpeg.Interrupted ? _process.ExitCode == 0 : throw Failure();
    }

    public void Dispose()
    {
        Ffmpeg.Kill(_process);
        _process.WaitForExit();
        _process.Dispose();
    }

    private VisionException Failure()
    {
        Ffmpeg.WaitForErrorOutput(_process);
        lock (_said)
            return new VisionException($"{_name}: the video can't be written: {Ffmpeg.Cause(_said) ?? "ffmpeg doesn't say why"}");
    }

    private static bool Has(string encoder) => Ffmpeg.IsInstalled && Encoders.Value.Contains($" {encoder} ", StringComparison.Ordinal);

    private static string ListEncoders()
    {
        using var process = Ffmpeg.Start(["-encoders"], _ => { });
        return process.StandardOutput.ReadToEnd();
    }
}
