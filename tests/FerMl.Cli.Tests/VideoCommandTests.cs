using System.Text.Json;
using FerMl.Tests;
using FerMl.Vision;

namespace FerMl.Cli.Tests;

/// <summary>The commands that detect faces, on frames and videos of synthetic faces.</summary>
public class VideoCommandTests : FolderTests
{
    private static readonly Lazy<IReadOnlyList<byte[]>> Faces = new(() => VideoFaces.Choose(SyntheticFaces.Create(), 5));

    [OneTimeSetUp]
    public void NeedOpenCv()
    {
        try
        {
            OpenCv.EnsureLoaded();
        }
        catch (VisionException e)
        {
            Assert.Ignore(e.Message);
        }
    }

    [Test]
    public async Task Predict_WithFaces_FindsNamesAndDrawsThem()
    {
        Photo("album/one.png", 1);
        Photo("album/deeper/three.png", 3);
        Folder.Write("album/none.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        var (exitCode, output, error) = await Ferml.RunAsync(
            "predict", "--faces", "--format", "json", "--draw", Folder.Path("drawn"), Folder.Path("album"));
        Assert.That(exitCode, Is.Zero, error);
        var rows = JsonDocument.Parse(output).RootElement.EnumerateArray().ToArray();
        Assert.That(rows.Select(row => (Path.GetFileName(row.GetProperty("file").GetString()), row.GetProperty("face").GetInt32())),
            Is.EqualTo(new[] { ("three.png", 1), ("three.png", 2), ("three.png", 3), ("one.png", 1) }));
        Assert.That(rows.Select(row => row.GetProperty("box").GetArrayLength()), Is.All.EqualTo(4));
        Assert.That(error, Does.Contain("none.png: no face found; a lower --min-score or --min-face finds more."));
        Assert.That(new[] { "one.png.png", "deeper/three.png.png" }.Select(name => Path.Combine(Folder.Path("drawn"), name)), Is.All.Exist);

        var (again, _, complaint) = await Ferml.RunAsync("predict", "--faces", "--draw", Folder.Path("drawn"), Folder.Path("album"));
        Assert.That((again, complaint.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Analyze_OfAVideo_WritesTablesTimelineSummaryAndACopy()
    {
        var clip = Folder.Path("clip.avi");
        new MovingFaces([.. Faces.Value.Take(2)]).WriteVideo(clip, frames: 20);
        var (exitCode, output, error) = await Ferml.RunAsync("analyze", clip, "--out", Folder.Path("out"), "--model", "ferplus-fast");
        Assert.That((exitCode, output.Trim()), Is.EqualTo((0, Folder.Path("out"))), error);
        Assert.That(Directory.GetFiles(Folder.Path("out")).Select(Path.GetFileName), Is.EquivalentTo((string[])[
            "faces.csv", "faces.jsonl", "summary.md", "summary.json", "timeline.svg", "drawn.mp4"]));
        var rows = File.ReadAllLines(Folder.Path("out/faces.csv"));
        Assert.That(rows[0], Is.EqualTo("time,frame,file,face,x,y,width,height,face_score,roll,label,confidence,"
            + "anger,disgust,fear,happy,sad,surprise,neutral,contempt"));
        var frames = FrameLog.Read(Folder.Path("out/faces.jsonl")).ToArray();
        Assert.That((frames.Length, rows.Length - 1), Is.EqualTo((20, frames.Sum(frame => frame.Faces.Count))));
        Assert.That(error, Does.Contain("Dominant emotion: "));
        Assert.That(File.ReadAllText(Folder.Path("out/summary.md")), Does.Contain("Dominant emotion: "));
        (exitCode, _, error) = await Ferml.RunAsync("analyze", clip, "--out", Folder.Path("out"));
        Assert.That((exitCode, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)), "the file is kept");
    }

    [Test]
    public async Task Analyze_OfPhotos_DrawsEach()
    {
        Photo("album/one.png", 1);
        Photo("album/deeper/three.png", 3);
        var (exitCode, _, error) = await Ferml.RunAsync("analyze", Folder.Path("album"), "--out", Folder.Path("out"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Directory.GetFiles(Folder.Path("out"), "*", SearchOption.AllDirectories).Select(
            file => Path.GetRelativePath(Folder.Path("out"), file)), Is.EquivalentTo((string[])[
                "faces.csv", "faces.jsonl", "summary.md", "summary.json",
                Path.Combine("drawn", "one.png.png"), Path.Combine("drawn", "deeper", "three.png.png")]));
        Assert.That(File.ReadAllLines(Folder.Path("out/faces.csv")), Has.Length.EqualTo(5));
        (exitCode, _, error) = await Ferml.RunAsync(
            "analyze", Folder.Path("album"), "--out", Folder.Path("out"), "--draw", "false", "--overwrite");
        Assert.That(exitCode, Is.Zero, error);
    }

    [Test]
    public async Task Predict_WithFaces_WritesCsvAndTables()
    {
        var photo = Photo("one.png", 1);
        var (_, csv, _) = await Ferml.RunAsync("predict", "--faces", "--format", "csv", photo);
        Assert.That(csv, Does.StartWith(
            "file,face,x,y,width,height,face_score,roll,label,confidence,anger,disgust,fear,happy,sad,surprise,neutral,contempt\n"));
        Assert.That(csv.Trim().Split('\n'), Has.Length.EqualTo(2));
        var (_, table, _) = await Ferml.RunAsync("predict", "--faces", photo);
        Assert.That(table, Does.Contain("x, y, width, height"));
    }

    [Test]
    public async Task Predict_OfSeveralImagesIntoOneDrawing_IsRefused()
    {
        var (exitCode, _, error) = await Ferml.RunAsync(
            "predict", "--faces", "--draw", Folder.Path("out.png"), Photo("1.png", 1), Photo("2.png", 1));
        Assert.That((exitCode, error.Contains("one drawing for 2 images; name a folder", StringComparison.Ordinal)), Is.EqualTo((2, true)));
    }

    [Test]
    public async Task Webcam_OnALabeledVideo_ReportsHowWellAndHowFastItReads()
    {
        var clip = Clip("clip.avi", 1, 25);
        var truth = Folder.Write("truth.csv", "from,to,emotion\n0,10,happy\n");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "webcam", "--headless", "--source", clip, "--ground-truth", truth, "--report", Folder.Path("report"), "--log",
            Folder.Path("log.jsonl"), "--record", Folder.Path("out.mp4"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.StartWith("# Emotions in clip.avi").And.Contain("| happy |").And.Contain("| total |"));
        Assert.That(File.ReadAllText(Folder.Path("report/report.md")), Is.EqualTo(output));
        var report = JsonDocument.Parse(File.ReadAllText(Folder.Path("report/report.json"))).RootElement;
        var comparison = report.GetProperty("comparison");
        Assert.That((report.GetProperty("frames").GetInt32(), comparison.GetProperty("faces").GetInt32(), comparison.GetProperty("found")
            .GetInt32()), Is.EqualTo((25, 25, 25)));
        Assert.That(report.GetProperty("faces")[0].GetProperty("spans")[0].GetProperty("from").GetDouble(), Is.Zero);
        Assert.That(report.GetProperty("stages").GetProperty("detect").GetProperty("p95").GetDouble(), Is.GreaterThan(0));
        Assert.That(error, Does.Contain("25 frames").And.Contain("wrote " + Folder.Path("out.mp4")));

        var (drawn, path, _) = await Ferml.RunAsync("timeline", Folder.Path("log.jsonl"));
        Assert.That((drawn, path.Trim()), Is.EqualTo((0, Folder.Path("log.svg"))));
        Assert.That(File.ReadAllText(path.Trim()), Does.StartWith("<svg").And.Contain("face 1").And.Contain("% sure"));
    }

    [Test]
    public async Task Webcam_WithALog_SaysWhereItIs_AndReplacesItWhenAsked()
    {
        string[] watch = ["webcam", "--headless", "--source", Clip("clip.avi", 1, 3), "--log", Folder.Path("log.jsonl")];
        var (exitCode, _, error) = await Ferml.RunAsync(watch);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("wrote " + Folder.Path("log.jsonl")));
        (exitCode, _, error) = await Ferml.RunAsync(watch);
        Assert.That((exitCode, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)), error);
        (exitCode, _, error) = await Ferml.RunAsync([.. watch, "--overwrite"]);
        Assert.That(exitCode, Is.Zero, error);
    }

    [Test]
    public async Task Webcam_OnFoldersNamedAfterEmotions_TakesTheTruthFromThem()
    {
        Photo("set/happy/1.png", 1);
        Photo("set/sad/2.png", 1);
        var (exitCode, output, error) = await Ferml.RunAsync("webcam", "--source", Folder.Path("set"), "--report", Folder.Path("report"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("Of 2 labeled faces 2 were detected (100.0 %)"));
    }

    [Test]
    public async Task Webcam_WithAReportAndNoTruth_ReportsFacesEmotionsAndSpeed()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "webcam", "--source", Clip("clip.avi", 2, 30), "--report", Folder.Path("report"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.StartWith("# Emotions in clip.avi").And.Contain("faces in 30 of 30 frames")
            .And.Contain("\n| 1 | 0.0 | 1.0 |").And.Contain("\n| 2 | 0.0 | 1.0 |").And.Not.Contain("accuracy"));
        Assert.That(File.ReadAllText(Folder.Path("report/report.md")), Is.EqualTo(output));
        Assert.That(File.ReadAllText(Folder.Path("report/timeline.svg")), Does.StartWith("<svg").And.Contain("face 2"));
        var report = JsonDocument.Parse(File.ReadAllText(Folder.Path("report/report.json"))).RootElement;
        Assert.That(report.GetProperty("emotions").EnumerateObject().Sum(share => share.Value.GetDouble()), Is.EqualTo(1).Within(1e-9));
    }

    [Test]
    public async Task Webcam_WithATruthOfAnotherVideo_IsRefusedBeforeTheFirstFrame()
    {
        var truth = Folder.Write("truth.csv", "file,emotion\nother.avi,happy\n");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "webcam", "--headless", "--source", Clip("clip.avi", 1, 5), "--ground-truth", truth, "--log", Folder.Path("log.jsonl"));
        Assert.That((exitCode, File.Exists(Folder.Path("log.jsonl"))), Is.EqualTo((1, false)));
        Assert.That(error, Does.Contain("truth.csv: none of its rows matches a frame of clip.avi"));
    }

    [Test]
    public async Task Webcam_WithATruthOfFramesThatWereNotRead_SaysSo()
    {
        var truth = Folder.Write("truth.csv", "frame,emotion\n9,happy\n");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "webcam", "--headless", "--source", Clip("clip.avi", 1, 10), "--frames", "5", "--ground-truth", truth);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("5 frames").And.Not.Contain("accuracy"));
        Assert.That(error, Does.Contain("no row for the processed frames"));
    }

    [Test]
    public async Task Predict_WithACropScale_CropsAsMuch()
    {
        var photo = Photo("1.png", 1);
        var scores = new List<string>();
        foreach (var scale in (string[])["0.95", "0.95", "1.6"])
        {
            var (exitCode, output, error) = await Ferml.RunAsync(
                "predict", "--faces", "--crop-scale", scale, "--format", "json", photo);
            Assert.That(exitCode, Is.Zero, error);
            scores.Add(output);
        }
        var (_, usual, _) = await Ferml.RunAsync("predict", "--faces", "--format", "json", photo);
        Assert.That((scores[0] == scores[1], scores[0] == scores[2], scores[0] == usual), Is.EqualTo((true, false, true)));
    }

    [Test]
    public async Task Predict_WithAnyRoll_FindsFacesThatLieBesideOnesThatStand()
    {
        // One face upright and the same one upside down below it.
        using var upright = OpenCvSharp.Cv2.ImRead(Photo("1.png", 1));
        using var rotated = new OpenCvSharp.Mat();
        OpenCvSharp.Cv2.Rotate(upright, rotated, OpenCvSharp.RotateFlags.Rotate180);
        using var both = new OpenCvSharp.Mat();
        OpenCvSharp.Cv2.VConcat(upright, rotated, both);
        var path = Folder.Path("both.png");
        OpenCvSharp.Cv2.ImWrite(path, both);
        foreach (var (options, count) in (((string[], int)[])[([], 1), (["--any-roll"], 2)]))
        {
            var (exitCode, output, error) = await Ferml.RunAsync(["predict", "--faces", "--format", "jsonl", .. options, path]);
            Assert.That(exitCode, Is.Zero, error);
            Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("faces").GetArrayLength(), Is.EqualTo(count));
        }
    }

    [Test]
    public async Task BenchmarkCrop_OfPhotos_CountsByScale()
    {
        Photo("photos/a.png", 1);
        var (_, found, _) = await Ferml.RunAsync("predict", "--faces", "--format", "csv", Folder.Path("photos/a.png"));
        var row = found.Split('\n')[1].Split(',');
        Folder.Write("photos/emotions.csv", $"file,x,y,width,height,emotion\na.png,{string.Join(',', row[2..6])},{row[8]}\n");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "benchmark", "crop", "--photos", Folder.Path("photos"), "--model", "ferplus", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var crops = JsonDocument.Parse(output).RootElement.EnumerateArray().ToArray();
        var usual = crops.Single(crop => crop.GetProperty("scale").GetDouble() == 0.95);
        Assert.That((usual.GetProperty("right").GetInt32(), usual.GetProperty("found").GetInt32()), Is.EqualTo((1, 1)));
        Assert.That(crops, Has.Length.GreaterThan(8));
    }

    [Test]
    public async Task Webcam_OnAVideoThatIsCutShort_KeepsWhatWasReadAndSaysSo()
    {
        var bytes = File.ReadAllBytes(Clip("clip.avi", 1, 40));
        var cut = Folder.Write("cut.avi", bytes[..(bytes.Length / 2)]);
        var (exitCode, _, error) = await Ferml.RunAsync(
            "webcam", "--headless", "--source", cut, "--record", Folder.Path("out.avi"), "--log", Folder.Path("log.jsonl"));
        Assert.That((exitCode, error.Contains("of 40; unless it was trimmed", StringComparison.Ordinal)), Is.EqualTo((0, true)), error);
        using var recorded = FrameSources.Open(Folder.Path("out.avi"));
        Assert.That(recorded.FrameCount, Is.EqualTo(FrameLog.Read(Folder.Path("log.jsonl")).Count()).And.GreaterThan(5));
    }

    [Test, Category("Slow")]
    public async Task Webcam_Live_ShowsATable()
    {
        var (exitCode, _, error) = await Ferml.RunLiveAsync(
            "webcam", "--headless", "--source", Clip("clip.avi", 2, 60), "--real-time", "true");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("confidence").And.Contain("frames/s").And.Contain("Ctrl+C ends it."));
    }

    [Test]
    public async Task Evaluate_WithRobustness_WritesATableJsonAndAChart()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "evaluate", "--model", "fer7-fast", "--data", "synthetic", "--robustness", "--limit", "70", "--out", Folder.Path("robustness"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("rotation").And.Contain("degrees").And.Contain("JPEG").And.Contain("standard deviation (of 255)"));
        Assert.That(output, Does.Match("degrees .*10 .*20 .*30 .*45 .*60 "));
        Assert.That(output.Split('\n'), Has.All.Length.LessThanOrEqualTo(80));
        var curves = JsonDocument.Parse(File.ReadAllText(Folder.Path("robustness/robustness.json"))).RootElement;
        Assert.That((curves.GetArrayLength(), curves[0].GetProperty("points").GetArrayLength()), Is.EqualTo((11, 6)));
        Assert.That(File.ReadAllText(Folder.Path("robustness/robustness.svg")),
            Does.StartWith("<svg").And.Contain("fer7-fast, 70 faces of PublicTest"));
    }

    [Test, Category("Slow")]
    public async Task BenchmarkVision_Json_HasItsKeys()
    {
        var (exitCode, output, error) = await Ferml.RunAsync("benchmark", "vision", "--frames", "10", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var json = JsonDocument.Parse(output).RootElement;
        foreach (var key in new[] { "framesPerSecond", "latencyMsP50", "latencyMsP95", "latencyMsP99" })
            Assert.That(json.GetProperty(key).GetDouble(), Is.GreaterThan(0), key);
        Assert.That(json.GetProperty("stages").EnumerateObject().Select(stage => stage.Name),
            Is.EqualTo(new[] { "decode", "detect", "classify", "draw" }));
        Assert.That(json.GetProperty("runs").EnumerateArray()
            .Select(run => (run.GetProperty("faces").GetInt32(), run.GetProperty("detectEvery").GetInt32())),
            Is.EqualTo(new[] { (1, 1), (1, 3), (5, 1), (5, 3) }));
    }

    [Test, Category("Slow")]
    public async Task BenchmarkVision_Soak_WatchesTheMemory()
    {
        var (exitCode, output, error) = await Ferml.RunAsync("benchmark", "vision", "--data", "synthetic", "--soak", "0.01", "--json");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("memory")[0].GetProperty("megabytes").GetDouble(),
            Is.GreaterThan(10));
    }

    [Test]
    public async Task BenchmarkCrop_SaysHowTheBoxLiesAboutTheFace()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "benchmark", "crop", "--data", "synthetic", "--limit", "40", "--model", "fer7-fast", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That(json.GetProperty("scale").GetDouble(), Is.InRange(0.7, 1.5));
        Assert.That(json.GetProperty("cuts").GetArrayLength(), Is.EqualTo(16));
    }

    private string Photo(string name, int faces)
    {
        var path = Folder.Path(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var (image, _) = new MovingFaces([.. Faces.Value.Take(faces)]).Draw(0);
        using (image)
            OpenCvSharp.Cv2.ImWrite(path, image);
        return path;
    }

    private string Clip(string name, int faces, int frames)
    {
        new MovingFaces([.. Faces.Value.Take(faces)]).WriteVideo(Folder.Path(name), frames);
        return Folder.Path(name);
    }
}
