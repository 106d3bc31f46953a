using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml timeline</c>: draws the log of a video as an image.</summary>
internal static class TimelineCommand
{
    public static Command Create(Terminal terminal)
    {
        var log = new Argument<string>("log") { Description = "The log that 'ferml webcam --log' wrote." };
        var output = new Option<string?>("--out")
        {
            Description = "The SVG image to write [default: next to the log, with the ending .svg].",
            HelpName = "svg",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("timeline", "Draw the emotions of each face over time.") { log, output, overwrite };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(log);
            var image = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".svg");
            var faces = FaceTimeline.Of(FrameLog.Read(path));
            if (faces.Count == 0)
                throw new VisionException($"{path}: no face was seen.");
            AtomicFile.WriteText(
                image, FaceTimeline.ToSvg($"Emotions over time: {Path.GetFileName(path)}", faces), parsed.GetValue(overwrite));
            terminal.Results.WriteLine(image);
            return ExitCode.Ok;
        });
        return command;
    }
}
