namespace FerMl.Vision;

/// <summary>
/// Chooses how often faces are detected in a live or real-time video: in every frame where time allows, otherwise in every second or third,
/// so that no frame is dropped. Not thread-safe.
/// </summary>
internal sealed class DetectionPace
{
    private const int Rarest = 3;

    // Share of the frame interval that may be used, and weight of the newest value in the averages.
    private const double Usable = 0.8, Newest = 0.1;

    // Time for tracking over time for detection, until it is measured.
    private const double Guess = 0.2;

    private double? _between, _detecting, _tracking;
    private (long Number, TimeSpan Time)? _last;

    /// <summary>The interval n: faces are detected in every n-th frame.</summary>
    public int DetectEvery { get; private set; } = 1;

    /// <summary>Adds the processing time of a frame.</summary>
    /// <param name="number">The frame's number, which counts dropped frames, too.</param>
    /// <param name="time">The frame's time in the source.</param>
    /// <param name="isDetected">Whether faces were detected in it rather than tracked.</param>
    /// <param name="took">The total processing time.</param>
    public void Add(long number, TimeSpan time, bool isDetected, TimeSpan took)
    {
        if (_last is { } last && number > last.Number && time > last.Time)
            Average(ref _between, (time - last.Time).TotalSeconds / (number - last.Number));
        _last = (number, time);
        if (isDetected)
            Average(ref _detecting, took.TotalSeconds);
        else
            Average(ref _tracking, took.TotalSeconds);
        if (_between is not { } between || _detecting is not { } detecting)
            return;
        var tracking = _tracking ?? Guess * detecting;
        DetectEvery = 1;
        while (DetectEvery < Rarest && detecting + (DetectEvery - 1) * tracking > Usable * between * DetectEvery)
            DetectEvery++;
    }

    private static void Average(ref double? average, double value) =>
        average = average is { } known ? known + Newest * (value - known) : value;
}
