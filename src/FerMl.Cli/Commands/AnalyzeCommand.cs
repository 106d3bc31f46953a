using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml analyze</c>: writes a full analysis of a video or photos into one folder.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource(PretrainedModel.FerPlus);
        var faces = new FaceArguments(forVideo: true);
        var source = new Argument<string>("source")
        {
            Description = "A video, a folder of photos, a photo, or an address (http://, rtsp://)."
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for faces.csv, faces.jsonl, summary.md, summary.json, timeline.svg (of a video), and the faces drawn: "
                + "drawn.mp4 of a video, drawn/*.png of photos.",
            Required = true,
            HelpName = "folder",
        };
        var draw = new Option<bool>("--draw")
        {
            Description = "Whether to write the drawn copy: true or false.",
            DefaultValueFactory = _ => true,
            HelpName = "true|false",
        };
        var smoothing = VideoArguments.Smoothing();
        var frames = VideoArguments.Frames();
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var command = new Command("analyze", "Tables, a timeline, a summary and a drawn copy of a video or of photos.")
        {
            source, output, draw, smoothing, frames, overwrite,
        };
        faces.AddTo(command);
        model.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var (folder, replaces) = (parsed.GetRequiredValue(output), parsed.GetValue(overwrite));
            using var opened = FrameSources.Open(parsed.GetRequiredValue(source));
            var (isVideo, draws) = (opened.IsContinuous, parsed.GetValue(draw));
            var (table, log, video) = (In("faces.csv"), In("faces.jsonl"), In("drawn.mp4"));
            var files = new VideoReportFiles(folder, "summary", replaces);
            foreach (var file in (string[])[table, log, .. isVideo && draws ? (string[])[video] : []])
                AtomicFile.CheckFree(file, replaces);
            var loaded = model.Load(parsed);
            using var predictor = loaded.CreatePredictor();
            using var detector = faces.Detectors(parsed, forVideo: isVideo)();
            using var reader = new FaceReader(detector, predictor, new TrackingOptions
            {
                // Accept every detection in a photo, because no other frame can confirm it.
                NewFaceScore = isVideo ? faces.NewFaceScore(parsed) : 0,
                SmoothingSeconds = parsed.GetValue(smoothing),
            });
            var session = new VideoSession(opened, reader, predictor.Labels, new VideoSessionOptions
            {
                Loop = new VideoLoopOptions { RealTime = false, MaxFrames = parsed.GetValue(frames) },
                TablePath = table,
                LogPath = log,
                RecordPath = isVideo && draws ? video : null,
                DrawingFolder = !isVideo && draws ? In("drawn") : null,
                Overwrite = replaces,
            });
            try
            {
                HeadlessView.Run(terminal, view => session.Run(view, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && session.Speed.Frames > 0)
            {
                // Ctrl+C is the normal end of a live stream, so report the frames up to then.
                terminal.WriteLine("stopped; the results up to here are written.");
            }
            foreach (var problem in session.Problems)
                terminal.WriteLine(problem);
            var report = session.Report();
            files.Write(report, report.ToMarkdown(opened.Name, loaded.Name), isVideo ? opened.Name : null);
            terminal.WriteLine(report.Summary);
            terminal.Results.WriteLine(folder);
            return Task.FromResult(ExitCode.Ok);

            string In(string name) => Path.Combine(folder, name);
        });
        return command;
    }
}
