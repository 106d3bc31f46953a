using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Recognizes the emotions of all faces in frames: detects the faces, tracks them from frame to frame, crops them with FER2013's framing,
/// and classifies them. Thread-safe: calls are serialized.
/// </summary>
public sealed class FaceReader : IDisposable
{
    // Scale of the surroundings over the crop. They help to detect scene cuts.
    private const double Wide = 2;

    private const int VerifyEvery = 4;

    private readonly IFaceDetector _detector;
    private readonly IEmotionPredictor _predictor;
    private readonly TrackingOptions _tracking;
    private readonly FaceCrop _crop;
    private readonly FaceCrop _surroundings;
    private readonly FaceTracker _tracker;
    private GrayImage _gray;
    private byte[] _pixels = [];
    private Mat? _converted;
    private readonly DisposeGuard _gate = new(typeof(FaceReader));
    // Number of detections since all faces were last verified, and of frames since faces were last detected.
    private int _sinceVerified, _sinceDetected = int.MaxValue;
    private Size _size;

    /// <summary>Creates a reader. It doesn't dispose of detector and predictor.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public FaceReader(IFaceDetector detector, IEmotionPredictor predictor, TrackingOptions? tracking = null, FaceCrop? crop = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(predictor);
        (_detector, _predictor, _tracking, _crop) = (detector, predictor, tracking ?? new TrackingOptions(), crop ?? detector.Framing);
        OptionsValidator.Check(_tracking);
        OptionsValidator.Check(_crop);
        _surroundings = _crop with { Scale = Math.Min(3, Wide * _crop.Scale) };
        _tracker = new FaceTracker(_tracking);
    }

    /// <summary>Chooses how often faces are detected where frames don't wait; null otherwise.</summary>
    internal DetectionPace? Pace { get; set; }

    /// <summary>Reads the next frame of a video. Faces keep their IDs, and their scores are averaged over time.</summary>
    /// <exception cref="VisionException">The frame is empty or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader or the frame was disposed of.</exception>
    public FrameResult ReadNext(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var guard = _gate.Enter();
        return Next(ToGray(frame), FrameInfo.Of(frame));
    }

    /// <summary>Reads the next frame of a gray video. Doesn't need OpenCV where faces are detected in every frame.</summary>
    internal FrameResult ReadNext(GrayImage gray, long number, TimeSpan time, string name)
    {
        using var guard = _gate.Enter();
        return Next(gray, new FrameInfo(number, time, name, TimeSpan.Zero));
    }

    /// <summary>Reads a frame that is unrelated to the previous ones, such as a photo.</summary>
    /// <exception cref="VisionException">The frame is empty or too large.</exception>
    /// <exception cref="ObjectDisposedException">The reader or the frame was disposed of.</exception>
    public FrameResult ReadPhoto(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using var guard = _gate.Enter();
        var gray = ToGray(frame);
        Forget(gray);
        return Read(gray, FrameInfo.Of(frame), isAlone: true);
    }

    /// <summary>Forgets all faces, for a new scene with frames of the same size.</summary>
    internal void Restart()
    {
        using var guard = _gate.Enter();
        _tracker.Clear();
        _sinceDetected = int.MaxValue;
    }

    /// <summary>Frees the tracked faces.</summary>
    public void Dispose() => _gate.Close(() =>
    {
        _tracker.Dispose();
        _converted?.Dispose();
    });

    private FrameResult Next(GrayImage gray, FrameInfo frame)
    {
        // A frame of another size shows another scene or viewpoint: faces aren't where they were.
        if (new Size(gray.Width, gray.Height) != _size)
            Forget(gray);
        return Read(gray, frame, isAlone: false);
    }

    private void Forget(GrayImage next)
    {
        _tracker.Clear();
        (_sinceDetected, _size) = (int.MaxValue, new Size(next.Width, next.Height));
    }

    private FrameResult Read(GrayImage gray, FrameInfo frame, bool isAlone)
    {
        FrameSources.CheckSize(gray.Width, gray.Height, frame.Name);
        var begun = Stopwatch.GetTimestamp();
        _gray = gray;
        var detectEvery = isAlone ? 1 : _tracking.DetectEvery ?? Pace?.DetectEvery ?? 1;
        var isSought = _sinceDetected >= detectEvery - 1;
        _sinceDetected = isSought ? 0 : _sinceDetected + 1;
        if (isSought)
            Find(frame.Time, isAlone, isFollowed: !isAlone && (_tracking.DetectEvery ?? (Pace is null ? 1 : 2)) > 1);
        else
            _tracker.Follow(_gray, frame.Time);
        var detected = Stopwatch.GetTimestamp();
        var (faces, problem) = Classify(frame.Time, isSought, isAlone);
        Pace?.Add(frame.Number, frame.Time, isSought, Stopwatch.GetElapsedTime(begun));
        return new FrameResult(
            frame.Number, frame.Time, frame.Name, gray.Width, gray.Height, faces,
            frame.DecodeTime, Stopwatch.GetElapsedTime(begun, detected), Stopwatch.GetElapsedTime(detected))
        {
            Problem = problem,
        };
    }

    private GrayImage ToGray(Frame frame)
    {
        // Size() throws if the frame was disposed of; Width and Height would read freed memory.
        var (image, size) = (frame.Image, frame.Image.Size());
        FrameSources.CheckSize(size.Width, size.Height, frame.Name);
        var type = image.Type();
        if (type != MatType.CV_8UC3 && type != MatType.CV_8UC1)
            throw new VisionException($"{frame.Name}: the frame has type {type}; expected 8 bits per channel, gray or BGR.");
        _converted ??= new Mat();
        if (type == MatType.CV_8UC3)
            Cv2.CvtColor(image, _converted, ColorConversionCodes.BGR2GRAY);
        else
            image.CopyTo(_converted);
        if (_pixels.Length != size.Width * size.Height)
            _pixels = new byte[size.Width * size.Height];
        _converted.AsSpan<byte>().CopyTo(_pixels);
        return new GrayImage(_pixels, size.Width, size.Height);
    }

    private void Find(TimeSpan time, bool isAlone, bool isFollowed)
    {
        // Faces that were certain a moment ago needn't be verified each time.
        var isVerified = isAlone || _sinceVerified >= VerifyEvery - 1;
        _sinceVerified = isVerified ? 0 : _sinceVerified + 1;
        var known = isVerified ? [] : _tracker.Certain;
        var found = DetectedFaces.Of(_detector, _gray, known);
        AppearanceDescriptor[] appearances = [.. found.Select(face => new AppearanceDescriptor(
            DetectedFaces.Crop(_gray, face, _crop), DetectedFaces.Crop(_gray, face, _surroundings)))];
        _tracker.Update(found, appearances, _gray, time, isAlone, isFollowed);
    }

    private (FaceResult[] Faces, string? Problem) Classify(TimeSpan time, bool isFound, bool isAlone)
    {
        FaceTrack[] tracks = [.. _tracker.Visible];
        if (tracks.Length == 0)
            return ([], null);
        GrayImage[] images = [.. tracks.Select(track => new GrayImage(
            isFound ? track.Appearance.Face : DetectedFaces.Crop(_gray, track.Face, _crop), FaceResampler.Side, FaceResampler.Side))];
        var (predictions, problem) = Predict(images, isAlone);
        return ([.. tracks.Zip(predictions).Where(face => face.Second is not null).Select(face => ResultOf(face.First, face.Second!,
            time))],
            problem);
    }

    private FaceResult ResultOf(FaceTrack track, EmotionPrediction prediction, TimeSpan time)
    {
        float[] scores = [.. prediction.Scores.Select(score => score.Score)];
        return new FaceResult(
            track.Id, track.Box & new Rect(0, 0, _gray.Width, _gray.Height), new EmotionPrediction(_predictor.Labels,
                track.Average(scores, time, _tracking.SmoothingSeconds)))
        {
            Score = track.Face.Score,
            Roll = track.Face.Roll,
        };
    }

    /// <summary>
    /// Classifies faces. In a video, a face that the model can't score is left out; for a photo the exception propagates.
    /// </summary>
    private (IReadOnlyList<EmotionPrediction?> Predictions, string? Problem) Predict(GrayImage[] faces, bool isAlone)
    {
        try
        {
            return (_predictor.Predict(faces), null);
        }
        catch (EmotionModelException e) when (!isAlone)
        {
            var each = faces.Length == 1 ? [null] : Array.ConvertAll(faces, face => Predict([face], isAlone).Predictions[0]);
            return (each, e.Message);
        }
    }

    /// <summary>A frame's metadata.</summary>
    private readonly record struct FrameInfo(long Number, TimeSpan Time, string Name, TimeSpan DecodeTime)
    {
        public static FrameInfo Of(Frame frame) => new(frame.Number, frame.Time, frame.Name, frame.DecodeTime);
    }
}
