using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The options by which commands say how faces are looked for.</summary>
internal sealed class FaceArguments
{
    private readonly Option<string> _cascade = new("--cascade") { Description = "The face cascade: alt2, default, alt, or a file of OpenCV's.", DefaultValueFactory = _ => new HaarOptions().Cascade, HelpName = "name|xml" };
    private readonly Option<int?> _minFace = new("--min-face") { Description = "Width of the smallest face, in pixels (20 to 4000) [default: a sixth of the picture's shorter side].", HelpName = "n" };

    private readonly Option<int> _reducedFace = new("--reduced-face") { Description = "Faces are looked for in a reduced picture, in which the smallest is so many pixels wide (20 to 200): less is faster and finds fewer.", DefaultValueFactory = _ => new HaarOptions().ReducedFace, HelpName = "n" };

    public void AddTo(Command command)
    {
        command.Options.Add(_cascade);
        command.Options.Add(_minFace);
        command.Options.Add(_reducedFace);
    }

    public HaarOptions Options(ParseResult parsed)
    {
        if (parsed.GetValue(_minFace) is < 20 or > 4_000)
            throw new ValidationException($"--min-face is {parsed.GetValue(_minFace)}; it must be between 20 and 4000.");
        if (parsed.GetValue(_reducedFace) is < 20 or > 200)
            throw new ValidationException($"--reduced-face is {parsed.GetValue(_reducedFace)}; it must be between 20 and 200.");
        return new HaarOptions { Cascade = parsed.GetRequiredValue(_cascade), MinFace = parsed.GetValue(_minFace), ReducedFace = parsed.GetValue(_reducedFace) };
    }
}
