using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml webcam</c>: shows the emotions of faces from a camera or video, live.</summary>
internal static class WebcamCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource(PretrainedModel.FerPlusFast);
        var faces = new FaceArguments(forVideo: true);
        var source = new Option<string>("--source")
        {
            Description = "The number of a camera, a video file, an address (rtsp://, http://), an image, or a folder of images.",
            DefaultValueFactory = _ => "0",
            HelpName = "n|path",
        };
        var headless = new Option<bool?>("--headless")
        {
            Description = "No window: a table in the terminal, and files as fast as they can be read [default: with --report].",
            HelpName = "true|false",
        };
        var record = new Option<string?>("--record")
        {
            Description = "The video to write, .mp4, .webm or .avi, with the faces drawn in it.",
            HelpName = "file",
        };
        var log = new Option<string?>("--log")
        {
            Description = "The log to write: a JSON object per line and frame.",
            HelpName = "jsonl",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var screenshots = new Option<string>("--screenshots")
        {
            Description = "Folder for screenshots.",
            DefaultValueFactory = _ => ".",
            HelpName = "folder",
        };
        var detectEvery = new Option<int?>("--detect-every")
        {
            Description = "Detect faces in every n-th frame, and track them in those between [default: as often as there is time for].",
            HelpName = "n",
        }.Between(1, 100);
        var smoothing = VideoArguments.Smoothing();
        var realTime = new Option<bool?>("--real-time")
        {
            Description = "Whether a video file is played in real time, dropping frames for which there is no time: true or false "
                + "[default: true with a window].",
            HelpName = "true|false",
        };
        var frames = VideoArguments.Frames();
        var groundTruth = new Option<string?>("--ground-truth")
        {
            Description = "A table of true emotions to compare with: columns emotion, and frame, file, or from and to; x, y, width, "
                + "height where there are several faces.",
            HelpName = "csv",
        };
        var report = new Option<string?>("--report")
        {
            Description = "Folder for report.json, report.md and timeline.svg: the faces, their emotions over time, and the speed; with "
                + "--ground-truth, or where images lie in folders named after emotions, how well they were classified, too.",
            HelpName = "folder",
        };
        var command = new Command("webcam", "Classify the faces in front of a camera or in a video, live.")
        {
            source, headless, record, log, overwrite, screenshots, detectEvery, smoothing, realTime, frames, groundTruth, report,
        };
        faces.AddTo(command);
        model.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(report);
            // A report needs every frame, so by default it runs without a window and not in real time.
            var isHeadless = parsed.GetValue(headless) ?? folder is not null;
            var tracking = new TrackingOptions
            {
                DetectEvery = parsed.GetValue(detectEvery),
                SmoothingSeconds = parsed.GetValue(smoothing),
                NewFaceScore = faces.NewFaceScore(parsed),
            };
            var files = folder is null ? null : new VideoReportFiles(folder, "report", parsed.GetValue(overwrite));
            var options = new VideoSessionOptions
            {
                Loop = new VideoLoopOptions { RealTime = parsed.GetValue(realTime) ?? !isHeadless, MaxFrames = parsed.GetValue(frames) },
                RecordPath = parsed.GetValue(record),
                LogPath = parsed.GetValue(log),
                Overwrite = parsed.GetValue(overwrite),
                ScreenshotFolder = parsed.GetRequiredValue(screenshots),
                GroundTruth = parsed.GetValue(groundTruth) is { } table ? VideoGroundTruth.Load(table) : null,
            };
            var loaded = model.Load(parsed);
            using var predictor = loaded.CreatePredictor();
            using var detector = faces.Detectors(parsed)();
            using var reader = new FaceReader(detector, predictor, tracking);
            using var opened = FrameSources.Open(parsed.GetRequiredValue(source));
            if (options.GroundTruth is null && folder is not null && VideoGroundTruth.IsLabeledByFolders(opened))
                options = options with { GroundTruth = VideoGroundTruth.FromFolders() };
            var session = new VideoSession(opened, reader, predictor.Labels, options);
            try
            {
                Watch(session, isHeadless, terminal, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl+C is the normal end of a session without a window.
            }
            finally
            {
                Summarize(session, options, terminal);
            }
            if ((options.GroundTruth is not null || folder is not null) && session.Speed.Frames > 0)
            {
                var result = session.Report();
                var text = result.ToMarkdown(opened.Name, loaded.Name);
                files?.Write(result, text, opened.Name);
                terminal.Results.Write(text);
                if (options.GroundTruth is not null && result.Comparison is null)
                    terminal.WriteLine("the ground truth has no row for the processed frames, so nothing was compared.");
            }
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    private static void Watch(VideoSession session, bool isHeadless, Terminal terminal, CancellationToken cancellation)
    {
        if (isHeadless)
        {
            HeadlessView.Run(terminal, view => session.Run(view, cancellation));
            return;
        }
        using var window = new DemoWindow($"FerMl: {session.SourceName}");
        terminal.WriteLine($"{session.SourceName}. Keys: {DemoWindow.Keys}.");
        session.Run(window, cancellation);
    }

    private static void Summarize(VideoSession session, VideoSessionOptions options, Terminal terminal)
    {
        var speed = session.Speed;
        foreach (var problem in session.Problems)
            terminal.WriteLine(problem);
        if (speed.Frames == 0)
            return;
        var total = speed.Total;
        var rate = double.IsFinite(speed.FramesPerSecond) ? $", {speed.FramesPerSecond:N1} FPS" : "";
        terminal.WriteLine($"{session.SourceName}: {speed.Frames:N0} {(speed.Frames == 1 ? "frame" : "frames")}{rate}, "
            + $"{session.Dropped:N0} dropped; latency p50 {total.P50:N0} ms, p95 {total.P95:N0} ms.");
        foreach (var file in (string?[])[options.RecordPath, options.LogPath, .. session.Screenshots])
            if (File.Exists(file))
                terminal.WriteLine($"wrote {file}");
        if (options.RecordPath is { } video && File.Exists(video) && !session.RecordingPlaysInBrowsers)
            terminal.WriteLine($"browsers don't play {Path.GetFileName(video)}, players such as VLC do; for the web: ffmpeg -i "
                + $"{Path.GetFileName(video)} -c:v libx264 -pix_fmt yuv420p web.mp4");
    }
}
