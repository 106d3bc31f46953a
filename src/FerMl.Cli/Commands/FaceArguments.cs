using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The options by which commands say how faces are looked for.</summary>
internal sealed class FaceArguments
{
    private readonly Option<string> _cascade = new("--cascade")
    {
        Description = "The face cascade: alt2, default, alt, or a file of OpenCV's.",
        DefaultValueFactory = _ => new HaarOptions().Cascade,
        HelpName = "name|xml",
    };
    private readonly Option<int?> _minFace = new Option<int?>("--min-face")
    {
        Description = "Width of the smallest face, in pixels [default: a sixth of the image's shorter side].",
        HelpName = "n",
    }.Between(20, 4_000);

    private readonly Option<int> _downscaledFace = new Option<int>("--downscaled-face")
    {
        Description = "Faces are looked for in a downscaled image, in which the smallest is so many pixels wide: less is faster and "
            + "finds fewer.",
        DefaultValueFactory = _ => new HaarOptions().DownscaledMinFace,
        HelpName = "n",
    }.Between(20, 200);

    public void AddTo(Command command)
    {
        command.Options.Add(_cascade);
        command.Options.Add(_minFace);
        command.Options.Add(_downscaledFace);
    }

    /// <summary>Makes detectors, one for each thread that looks for faces.</summary>
    public Func<IFaceDetector> Detectors(ParseResult parsed)
    {
        var options = new HaarOptions
        {
            Cascade = parsed.GetRequiredValue(_cascade),
            MinFace = parsed.GetValue(_minFace),
            DownscaledMinFace = parsed.GetValue(_downscaledFace),
        };
        return () => new HaarFaceDetector(options);
    }
}
