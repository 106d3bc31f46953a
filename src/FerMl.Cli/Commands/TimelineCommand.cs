using System.CommandLine;
using FerMl.Reporting;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml timeline</c>: a log of a video as a picture.</summary>
internal static class TimelineCommand
{
    public static Command Create(Terminal terminal)
    {
        var log = new Argument<string>("log") { Description = "The log that 'ferml webcam --log' wrote." };
        var output = new Option<string?>("--out") { Description = "The SVG picture to write [default: beside the log, with the ending .svg].", HelpName = "svg" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("timeline", "Draw the emotions of each face over time.") { log, output, overwrite };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(log);
            var picture = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".svg");
            var faces = FaceTimeline.Of(FrameLog.Read(path));
            if (faces.Count == 0)
                throw new VisionException($"{path}: no face was seen.");
            var strips = faces.Select(face => new TimelineStrip($"face {face.Id}", [.. face.Spans.Select(span => new TimelineSpan(span.From, span.To, span.Label, span.Confidence))]));
            AtomicFile.WriteText(picture, EmotionTimeline.ToSvg($"Emotions over time: {Path.GetFileName(path)}", [.. strips]), parsed.GetValue(overwrite));
            terminal.Results.WriteLine(picture);
            return ExitCode.Ok;
        });
        return command;
    }
}
