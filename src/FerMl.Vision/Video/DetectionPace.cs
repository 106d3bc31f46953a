namespace FerMl.Vision;

/// <summary>
/// Chooses in which frames of a video that doesn't wait faces are detected: in each where there is time for it, else in every second or
/// third, so that no frame is dropped. For one thread at a time.
/// </summary>
internal sealed class DetectionPace
{
    private const int Rarest = 3;

    // The share of the time between two frames that may be used, and how much of an average the newest value is.
    private const double Usable = 0.8, Newest = 0.1;

    // What tracking takes of what detection takes, until it was measured.
    private const double Guess = 0.2;

    private double? _between, _detecting, _tracking;
    private (long Number, TimeSpan Time)? _last;

    /// <summary>Detect faces in every n-th frame.</summary>
    public int DetectEvery { get; private set; } = 1;

    /// <summary>Takes in how long a frame took.</summary>
    /// <param name="number">The frame's number, which counts dropped ones too.</param>
    /// <param name="time">Its time in the source.</param>
    /// <param name="isDetected">Whether faces were detected in it, rather than tracked.</param>
    /// <param name="took">How long it took in all.</param>
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
