using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The options of face detection.</summary>
internal sealed class FaceArguments
{
    private const string Own = "ferml", Haar = "haar", YuNet = "yunet";

    private const double KnownFaceShare = 0.6;

    private readonly bool _forVideo;
    private readonly Option<string> _detector = new("--detector")
    {
        Description = "The face detector: ferml (FerMl's own network), haar (OpenCV's cascade, as in the paper), yunet (OpenCV's "
            + "network, whose file --detector-model names).",
        DefaultValueFactory = _ => Own,
        HelpName = "name",
    };
    private readonly Option<string?> _model = new("--detector-model")
    {
        Description = "The detector's network, instead of the one that comes with FerMl: a file that 'ferml detector train' wrote, or "
            + "YuNet's.",
        HelpName = "file",
    };
    private readonly Option<int?> _minFace;
    private readonly Option<double> _minScore = new Option<double>("--min-score")
    {
        Description = "Detection threshold: a lower one detects more faces, and more false positives.",
        DefaultValueFactory = _ => new CnnDetectorOptions().MinScore,
        HelpName = "s",
    }.Between(0.05, 0.95);

    private readonly Option<bool> _anyRoll = new("--any-roll")
    {
        Description = "Detect faces at any roll, also upside down, in four times the time. Without it a photo is rotated only if no "
            + "upright face has a score of 0.9.",
    };
    private readonly Option<double?> _cropScale = new Option<double?>("--crop-scale")
    {
        Description = "Side of the crop that is classified, over the side of the detector's box [default: the detector's own].",
        HelpName = "n",
    }.Between(0.5, 3);

    private readonly Option<string?> _cascade = new("--cascade")
    {
        Description = "The cascade of --detector haar: alt2, default, alt, or an OpenCV file [default: alt2].",
        HelpName = "name|xml",
    };
    private readonly Option<int?> _downscaledFace = new Option<int?>("--downscaled-face")
    {
        Description = "With --detector haar: width of the smallest face in the downscaled image, in pixels; lower is faster and detects "
            + "fewer faces [default: 32].",
        HelpName = "n",
    }.Between(20, 200);

    /// <param name="forVideo">Whether faces are detected in video frames: only sufficiently large ones, at video speed.</param>
    public FaceArguments(bool forVideo = false)
    {
        _forVideo = forVideo;
        _detector.AcceptOnlyFromAmong(Own, Haar, YuNet);
        var share = forVideo ? "a sixteenth of the frame's longer side" : "an eightieth of the photo's longer side, at least 16";
        _minFace = new Option<int?>("--min-face")
        {
            Description = $"Width of the smallest face, in pixels [default: {share}; a sixth of the shorter side with haar].",
            HelpName = "n",
        }.Between(10, 4_000);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)
            [_detector, _model, _minFace, _minScore, _anyRoll, _cropScale, _cascade, _downscaledFace])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var isOpenCvs = result.GetResult(_cascade) is not null || result.GetResult(_downscaledFace) is not null;
            var named = result.GetResult(_detector) is { Implicit: false } ? result.GetValue(_detector) : null;
            if (isOpenCvs && named is Own or YuNet)
                result.AddError($"--cascade and --downscaled-face go with --detector haar, not with {named}.");
            if (result.GetResult(_model) is not null && (named is Haar || isOpenCvs))
                result.AddError("--detector-model goes with --detector ferml or yunet; a cascade is named with --cascade.");
            if (result.GetValue(_anyRoll) && (named is Haar or YuNet || isOpenCvs))
                result.AddError("--any-roll goes with --detector ferml.");
            if (named is YuNet && result.GetResult(_model) is null)
                result.AddError("--detector yunet needs --detector-model: its weights don't come with FerMl.");
            if ((named is Haar || isOpenCvs) && result.GetResult(_minFace) is { Tokens: [_] } && result.GetValue(_minFace) < 20)
                result.AddError("--min-face is at least 20 with --detector haar.");
        });
    }

    /// <summary>The detection threshold.</summary>
    public double NewFaceScore(ParseResult parsed) => parsed.GetValue(_minScore);

    private FaceCrop? Crop(ParseResult parsed) => parsed.GetValue(_cropScale) is { } scale ? new FaceCrop { Scale = scale } : null;

    /// <summary>Creates a factory for detectors; each thread needs its own.</summary>
    public Func<IFaceDetector> Detectors(ParseResult parsed) => Detectors(parsed, _forVideo);

    /// <summary>Creates a factory for photo or video detectors, for commands that process both.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="forVideo">Whether the detector processes video frames.</param>
    /// <param name="threads">Threads per image.</param>
    public Func<IFaceDetector> Detectors(ParseResult parsed, bool forVideo, int threads = 1)
    {
        var isHaar = parsed.GetResult(_cascade) is not null || parsed.GetResult(_downscaledFace) is not null
            || parsed.GetValue(_detector) == Haar;
        if (isHaar)
        {
            var usual = new HaarOptions();
            var options = usual with
            {
                Cascade = parsed.GetValue(_cascade) ?? usual.Cascade,
                MinFace = parsed.GetValue(_minFace),
                Crop = Crop(parsed),
                DownscaledMinFace = parsed.GetValue(_downscaledFace) ?? usual.DownscaledMinFace,
            };
            return () => new HaarFaceDetector(options);
        }
        var network = (forVideo ? CnnDetectorOptions.ForVideo : new CnnDetectorOptions()) with
        {
            MinFace = parsed.GetValue(_minFace),
            // Tracked faces in a video have a lower threshold.
            MinScore = forVideo ? Math.Max(0.05, KnownFaceShare * NewFaceScore(parsed)) : NewFaceScore(parsed),
            Threads = threads,
            Crop = Crop(parsed),
            AnyRoll = parsed.GetValue(_anyRoll),
            Model = parsed.GetValue(_model),
        };
        return parsed.GetValue(_detector) == YuNet ? () => new YuNetFaceDetector(network) : () => new CnnFaceDetector(network);
    }
}
