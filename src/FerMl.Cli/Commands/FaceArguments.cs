using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The options by which commands say how faces are looked for.</summary>
internal sealed class FaceArguments
{
    private readonly Option<string> _cascade = new("--cascade") { Description = "The face cascade: alt2, default, alt, or a file of OpenCV's.", DefaultValueFactory = _ => new HaarOptions().Cascade, HelpName = "name|xml" };
    private readonly Option<int?> _minFace = new("--min-face") { Description = "Width of the smallest face, in pixels (20 to 4000) [default: a sixth of the picture's shorter side].", HelpName = "n" };

    public void AddTo(Command command)
    {
        command.Options.Add(_cascade);
        command.Options.Add(_minFace);
    }

    /// <summary>Whether any of them was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_cascade) is { Implicit: false } || parsed.GetResult(_minFace) is { Implicit: false };

    public HaarOptions Options(ParseResult parsed)
    {
        if (parsed.GetValue(_minFace) is < 20 or > 4_000)
            throw new ValidationException($"--min-face is {parsed.GetValue(_minFace)}; it must be between 20 and 4000.");
        return new HaarOptions { Cascade = parsed.GetRequiredValue(_cascade), MinFace = parsed.GetValue(_minFace) };
    }
}
