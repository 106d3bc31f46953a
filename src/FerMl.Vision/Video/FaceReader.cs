using System.Diagnostics;
using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Reads the emotions of all faces in pictures: finds them, follows them from picture to picture, cuts them out as FER2013's are framed, and
/// asks the model. For one thread at a time.
/// </summary>
public sealed class FaceReader : IDisposable
{
    private readonly IFaceDetector _detector;
    private readonly EmotionPredictor _predictor;
    private readonly TrackingOptions _tracking;
    private readonly FaceFraming _framing;
    private readonly FaceTracker _tracker;
    private readonly Mat _grey = new();
    private long _picture;
    private Size _size;

    /// <summary>Makes a reader. Detector and predictor stay the caller's.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public FaceReader(IFaceDetector detector, EmotionPredictor predictor, TrackingOptions? tracking = null, FaceFraming? framing = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(predictor);
        (_detector, _predictor, _tracking, _framing) = (detector, predictor, tracking ?? new TrackingOptions(), framing ?? new FaceFraming());
        OptionRanges.Check(_tracking);
        OptionRanges.Check(_framing);
        _tracker = new FaceTracker(_tracking);
    }

    /// <summary>Reads the next picture of a video: faces keep their numbers, and their scores are averaged over time.</summary>
    /// <exception cref="VisionException">The picture is empty or too large.</exception>
    public SeenFrame ReadNext(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        // A picture of another size shows another scene, or the same one from elsewhere: nothing in it is where it was.
        return frame.Image.Size() == _size ? Read(frame) : ReadScene(frame);
    }

    /// <summary>Reads a picture that has nothing to do with those before, such as a photograph.</summary>
    /// <exception cref="VisionException">The picture is empty or too large.</exception>
    public SeenFrame ReadScene(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _tracker.Clear();
        (_picture, _size) = (0, frame.Image.Size());
        return Read(frame);
    }

    /// <summary>Frees what it keeps of the faces.</summary>
    public void Dispose()
    {
        _tracker.Dispose();
        _grey.Dispose();
    }

    private SeenFrame Read(Frame frame)
    {
        FrameSources.CheckSize(frame.Image.Width, frame.Image.Height, frame.Name);
        var begun = Stopwatch.GetTimestamp();
        ToGrey(frame);
        if (_picture++ % _tracking.DetectEvery == 0)
            _tracker.Update(_detector.Detect(_grey), _grey, frame.Time);
        else
            _tracker.Follow(_grey, frame.Time);
        var detected = Stopwatch.GetTimestamp();
        var faces = Classify(frame.Time);
        return new SeenFrame(
            frame.Number, frame.Time, frame.Name, frame.Image.Width, frame.Image.Height, faces,
            frame.DecodeTime, Stopwatch.GetElapsedTime(begun, detected), Stopwatch.GetElapsedTime(detected));
    }

    private void ToGrey(Frame frame)
    {
        var type = frame.Image.Type();
        if (type == MatType.CV_8UC3)
            Cv2.CvtColor(frame.Image, _grey, ColorConversionCodes.BGR2GRAY);
        else if (type == MatType.CV_8UC1)
            frame.Image.CopyTo(_grey);
        else
            throw new VisionException($"{frame.Name}: a picture of type {type}; expected 8 bits a channel, grey or blue, green, red.");
    }

    private SeenFace[] Classify(TimeSpan time)
    {
        var whole = new Rect(0, 0, _grey.Width, _grey.Height);
        // The cascade finds faces at the edge whose box begins beyond it; one that is wholly outside is none.
        FaceTrack[] tracks = [.. _tracker.Visible.Where(track => (track.Box & whole) is { Width: > 0, Height: > 0 })];
        if (tracks.Length == 0)
            return [];
        var images = new GreyImage[tracks.Length];
        for (var i = 0; i < tracks.Length; i++)
        {
            var face = new byte[FaceResampler.PixelCount];
            _framing.Cut(_grey, tracks[i].Box, face);
            images[i] = new GreyImage(face, FaceResampler.Side, FaceResampler.Side);
        }
        return [.. tracks.Zip(_predictor.Predict(images), (track, prediction) =>
        {
            float[] scores = [.. prediction.Scores.Select(score => score.Score)];
            return new SeenFace(track.Id, track.Box, new EmotionPrediction(_predictor.Labels, track.Average(scores, time, _tracking.SmoothingSeconds)));
        })];
    }
}
