using System.Diagnostics;
using System.Globalization;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>The demo: reads a source; draws, shows, records and logs its faces; and compares them with the ground truth.</summary>
public sealed class VideoSession
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly IFrameSource _source;
    private readonly IReadOnlyList<string> _labels;
    private readonly VideoSessionOptions _options;
    private readonly VideoLoop _loop;
    private readonly VideoEvaluation? _evaluation;
    private readonly FaceTimeline.Builder _timeline = new();
    private readonly Dictionary<string, long> _emotions = [];
    private long _framesWithFaces;

    /// <summary>Creates a session. It doesn't dispose of source and reader.</summary>
    /// <param name="source">The source of frames.</param>
    /// <param name="reader">The reader of the faces in them.</param>
    /// <param name="labels">The labels of the reader's model.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">The ground truth belongs to another source.</exception>
    public VideoSession(IFrameSource source, FaceReader reader, IReadOnlyList<string> labels, VideoSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(labels);
        (_source, _labels, _options) = (source, labels, options ?? new VideoSessionOptions());
        OptionsValidator.Check(_options);
        _loop = new VideoLoop(source, reader, _options.Loop);
        _options.GroundTruth?.RequireOf(source);
        _evaluation = _options.GroundTruth is { } truth ? new VideoEvaluation(truth, labels) : null;
        CanShowThree = EmotionTask.Three.Labels.All(labels.Contains) && labels.Count > EmotionTask.Three.Labels.Length;
    }

    /// <summary>The user's choices.</summary>
    public VideoControls Controls { get; } = new();

    /// <summary>The speed of processing.</summary>
    public VideoSpeed Speed { get; } = new();

    /// <summary>Frames dropped because processing couldn't keep up.</summary>
    public long Dropped => _loop.Dropped;

    /// <summary>The source's name.</summary>
    public string SourceName => _source.Name;

    /// <summary>Problems that didn't end the session.</summary>
    public IReadOnlyList<string> Problems => _unscored == 0 ? _source.Problems : [.. _source.Problems,
        $"In {_unscored.Counted("frame")} a face has no emotion: {_whyUnscored}"];

    /// <summary>Whether the model's labels include happy, sad and neutral, and others.</summary>
    public bool CanShowThree { get; }

    /// <summary>The screenshots written.</summary>
    public IReadOnlyList<string> Screenshots => _screenshots;

    /// <summary>Whether browsers play the recording, see <see cref="VideoRecorder.PlaysInBrowsers"/>.</summary>
    public bool RecordingPlaysInBrowsers { get; private set; }

    private readonly List<string> _screenshots = [];

    private int _unscored;
    private string? _whyUnscored;

    /// <summary>Runs to the source's end, or until the user quits. The recording is complete on disk however the session ends.</summary>
    /// <param name="view">The view, or null for none.</param>
    /// <param name="cancellationToken">Cancels the session.</param>
    /// <exception cref="VisionException">The source or a recording failed.</exception>
    /// <exception cref="IOException">A file exists and may not be replaced, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">The session was canceled.</exception>
    public void Run(IVideoView? view = null, CancellationToken cancellationToken = default)
    {
        using var recorder = _options.RecordPath is { } video ? new VideoRecorder(video, Rate, _options.Overwrite)
        {
            KeepsPauses = !_source.IsLive,
        }
            : null;
        using var log = _options.LogPath is { } path ? new FrameLog(path, _options.Overwrite) : null;
        using var table = _options.TablePath is { } csv ? new FaceTable(csv, _labels, _options.Overwrite) : null;
        _loop.Run(Take, view is null ? null : Idle, cancellationToken);

        bool Take(Frame frame, FrameResult result)
        {
            var begun = Stopwatch.GetTimestamp();
            Note(result);
            table?.Write(result);
            if (Controls.ShowsThree && CanShowThree)
                result = result with
                {
                    Faces = [.. result.Faces.Select(
                        face => face with { Prediction = face.Prediction.RestrictTo(EmotionTask.Three.Labels) })],
                };
            log?.Write(result);
            if (recorder is not null || _options.DrawingFolder is not null || view is { ShowsFrames: true } || Controls.WantsScreenshot)
                FaceOverlay.Draw(frame.Image, result.Faces, Controls.ShowsBars);
            recorder?.Write(frame.Image, frame.Time);
            if (_options.DrawingFolder is { } folder && !_source.IsContinuous)
                WriteImage(Path.Combine(folder, NameIn(_source.Name, frame.Name) + ".png"), frame.Image, _options.Overwrite);
            RecordingPlaysInBrowsers = recorder is { PlaysInBrowsers: true };
            if (Controls.WantsScreenshot)
                TakeScreenshot(frame.Image);
            var continues = view?.Show(frame.Image, result, this) ?? true;
            Speed.Add(frame, result, Stopwatch.GetElapsedTime(begun));
            _loop.IsPaused = Controls.IsPaused;
            return continues && (_source.IsContinuous || view is not { ShowsFrames: true } || Stand(view, cancellationToken));
        }

        bool Idle()
        {
            var continues = view!.Idle(this);
            _loop.IsPaused = Controls.IsPaused;
            return continues;
        }
    }

    /// <summary>Keeps an image in view for its time.</summary>
    /// <returns>False if the user wants to quit.</returns>
    private bool Stand(IVideoView view, CancellationToken cancellation)
    {
        var (watch, isAlone) = (Stopwatch.StartNew(), _source.FrameCount == 1);
        Controls.WantsNext = false;
        while (!Controls.WantsNext && (isAlone || Controls.IsPaused || watch.Elapsed.TotalSeconds < _options.SecondsPerImage))
        {
            if (!view.Idle(this) || cancellation.WaitHandle.WaitOne(PollInterval))
                return false;
            if (Controls.IsPaused)
                watch.Restart();
        }
        _loop.IsPaused = Controls.IsPaused;
        return true;
    }

    /// <summary>The results and the speed, and the accuracy where there is a <see cref="VideoSessionOptions.GroundTruth"/>.</summary>
    public VideoReport Report()
    {
        var faces = Math.Max(1, _emotions.Values.Sum());
        return new VideoReport
        {
            Frames = Speed.Frames,
            Dropped = Dropped,
            FramesWithFaces = _framesWithFaces,
            Emotions = _emotions.OrderByDescending(emotion => emotion.Value)
                .ToDictionary(emotion => emotion.Key, emotion => (double)emotion.Value / faces),
            Faces = _timeline.Result(),
            FramesPerSecond = double.IsFinite(Speed.FramesPerSecond) ? Speed.FramesPerSecond : null,
            LatencyMs = Speed.Total,
            Stages = Speed.Stages,
            Comparison = _evaluation is { Faces: > 0 } evaluation ? evaluation.Result() : null,
        };
    }

    /// <summary>Adds a frame to the report, with all of the model's labels, whichever are shown.</summary>
    private void Note(FrameResult result)
    {
        if (result.Problem is { } why)
            (_unscored, _whyUnscored) = (_unscored + 1, _whyUnscored ?? why);
        _evaluation?.Add(result);
        _timeline.Add(
            result.Time.TotalSeconds, result.Faces.Select(face => (face.Id, face.Prediction.Label, face.Prediction.Confidence)));
        _framesWithFaces += result.Faces.Count > 0 ? 1 : 0;
        foreach (var face in result.Faces)
            _emotions[face.Prediction.Label] = _emotions.GetValueOrDefault(face.Prediction.Label) + 1;
    }

    /// <summary>Frames per second of a recording; for a folder, one frame for each image.</summary>
    private double? Rate => _source.IsContinuous ? _source.FramesPerSecond : 1 / ImageFilesSource.UsualSeconds;

    private void TakeScreenshot(Mat image)
    {
        Controls.WantsScreenshot = false;
        Directory.CreateDirectory(_options.ScreenshotFolder);
        var stem = Path.Combine(
            _options.ScreenshotFolder, string.Create(CultureInfo.InvariantCulture, $"ferml-{DateTime.Now:yyyyMMdd-HHmmss}"));
        var path = Enumerable.Range(1, 1_000).Select(n => n == 1 ? $"{stem}.png" : $"{stem}-{n}.png").First(name => !File.Exists(name));
        WriteImage(path, image, overwrite: false);
        _screenshots.Add(path);
    }

    private static void WriteImage(string path, Mat image, bool overwrite)
    {
        if (!Cv2.ImEncode(".png", image, out var png))
            throw new VisionException($"{path}: the frame can't be written as PNG.");
        AtomicFile.Write(path, stream => stream.Write(png), overwrite);
    }

    /// <summary>An image's path relative to the opened folder, or its file name if the image itself was opened.</summary>
    private static string NameIn(string source, string image) =>
        Directory.Exists(source) ? Path.GetRelativePath(source, image) : Path.GetFileName(image);
}
