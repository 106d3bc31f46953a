using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>One frame of a source. The receiver disposes of it.</summary>
public sealed class Frame : IDisposable
{
    /// <summary>Creates a frame, which takes ownership of the image.</summary>
    /// <param name="image">BGR, 8 bits per channel.</param>
    /// <param name="number">The frame's number in its source, from 0.</param>
    /// <param name="time">The frame's time from the source's beginning.</param>
    /// <param name="name">The name to use in results.</param>
    /// <param name="capturedAt">When the frame was captured, a <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    public Frame(Mat image, long number, TimeSpan time, string name, long capturedAt) =>
        (Image, Number, Time, Name, CapturedAt) = (image, number, time, name, capturedAt);

    /// <summary>The image: BGR, 8 bits per channel. It is freed with the frame.</summary>
    public Mat Image { get; }

    /// <summary>The frame's number in its source, from 0.</summary>
    public long Number { get; }

    /// <summary>The frame's time from the source's beginning.</summary>
    public TimeSpan Time { get; }

    /// <summary>The image's file name, or the video's.</summary>
    public string Name { get; }

    /// <summary>
    /// A <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>: when a camera captured the frame or decoding it from a file began; for a
    /// file played in real time, when it was due.
    /// </summary>
    public long CapturedAt { get; internal set; }

    /// <summary>Time to decode the frame, or to fetch it from the camera once it was there.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>Frees the frame.</summary>
    public void Dispose() => Image.Dispose();
}
