using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>One frame of a source. Whoever gets it disposes of it.</summary>
public sealed class Frame : IDisposable
{
    /// <summary>Makes a frame, which owns the frame from then on.</summary>
    /// <param name="image">Blue, green, red; 8 bits each.</param>
    /// <param name="number">Its number in the source, from 0.</param>
    /// <param name="time">When it is shown, from the source's beginning.</param>
    /// <param name="name">What to call it in results.</param>
    /// <param name="capturedAt">When the frame came, as <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> gives it.</param>
    public Frame(Mat image, long number, TimeSpan time, string name, long capturedAt) =>
        (Image, Number, Time, Name, CapturedAt) = (image, number, time, name, capturedAt);

    /// <summary>The frame: blue, green, red; 8 bits each. It goes with the frame.</summary>
    public Mat Image { get; }

    /// <summary>Its number in the source, from 0.</summary>
    public long Number { get; }

    /// <summary>When it is shown, from the source's beginning.</summary>
    public TimeSpan Time { get; }

    /// <summary>The image's file name; in a video the video's.</summary>
    public string Name { get; }

    /// <summary>
    /// When a camera's frame came, or when decoding a file's began; of a file that is played in real time when the frame was due: a reading
    /// of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.
    /// </summary>
    public long CapturedAt { get; internal set; }

    /// <summary>How long it took to decode, or to fetch from the camera once it was there.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>Frees the frame.</summary>
    public void Dispose() => Image.Dispose();
}
