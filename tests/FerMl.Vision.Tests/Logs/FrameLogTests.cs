using FsCheck;
using FsCheck.Fluent;

namespace FerMl.Vision.Tests;

public class FrameLogTests : VisionTests
{
    private static readonly EmotionPrediction Sad = new(EmotionTask.Three.Labels, [0.2f, 0.7f, 0.1f]);

    private static FrameResult Seen(int number, params FaceResult[] faces) =>
        new(number, TimeSpan.FromSeconds(number / 10.0), "clip.avi", 640, 480, faces, default, default, default);

    [Test]
    public void Read_GivesWhatWasWritten()
    {
        var path = Folder.Path("log.jsonl");
        using (var log = new FrameLog(path))
        {
            log.Write(Seen(0));
            log.Write(Seen(3, new FaceResult(5, new OpenCvSharp.Rect(1, 2, 3, 4), Sad)));
        }
        var frames = FrameLog.Read(path).ToArray();
        Assert.That((frames.Length, frames[0].Faces.Count, frames[1].Frame, frames[1].Time, frames[1].Name),
            Is.EqualTo((2, 0, 3L, 0.3, "clip.avi")));
        var face = frames[1].Faces.Single();
        Assert.That((face.Id, face.Label, face.Confidence), Is.EqualTo((5, "sad", 0.7f)));
        Assert.That(face.Box, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(face.Scores, Is.EquivalentTo(new Dictionary<string, float> { ["happy"] = 0.2f, ["sad"] = 0.7f, ["neutral"] = 0.1f }));
        Assert.That(File.ReadLines(path).First(),
            Is.EqualTo("""{"frame":0,"time":0,"name":"clip.avi","width":640,"height":480,"faces":[]}"""));
    }

    [Test]
    public void Read_OfALogThatWasCutOff_LeavesTheLastLineOut()
    {
        var path = Folder.Path("log.jsonl");
        using (var log = new FrameLog(path))
            for (var i = 0; i < 3; i++)
                log.Write(Seen(i, new FaceResult(1, new OpenCvSharp.Rect(1, 2, 3, 4), Sad)));
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text[..^20]);
        Assert.That(FrameLog.Read(path).Count(), Is.EqualTo(2));
    }

    [Test]
    public void Write_OfEachLine_IsOnDiskAtOnce()
    {
        var path = Folder.Path("log.jsonl");
        using var log = new FrameLog(path);
        log.Write(Seen(0));
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.That(stream.Length, Is.GreaterThan(20));
    }

    [Test]
    public void New_OverAFileThatIsThere_IsRefused()
    {
        var path = Folder.Write("log.jsonl", "precious");
        Assert.That(() => new FrameLog(path), Throws.TypeOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("precious"));
    }

    [TestCase("nonsense\n", "line 1: not a line of a log")]
    [TestCase("{\"frame\":0,\"time\":0,\"name\":\"a\",\"width\":1,\"height\":1,\"faces\":[]}\n{\"frame\":1}\n",
        "line 2: time, faces, or a face's label")]
    [TestCase("{\"frame\":0,\"time\":0,\"name\":\"a\",\"width\":1,\"height\":1,"
        + "\"faces\":[{\"id\":1,\"box\":[1,2],\"label\":\"sad\",\"confidence\":1,\"scores\":{}}]}\n", "box of four numbers")]
    public void Read_OfALineThatIsNone_NamesIt(string content, string message)
    {
        var path = Folder.Write("log.jsonl", content);
        Assert.That(() => FrameLog.Read(path).ToArray(), Throws.TypeOf<VisionException>().With.Message.Contains(message));
    }

    [Test]
    public void Read_OfALineWithoutEnd_IsRefusedBeforeMemoryIsFull()
    {
        var path = Folder.Write("log.jsonl", new string('{', 2_000_000));
        Assert.That(() => FrameLog.Read(path).ToArray(),
            Throws.TypeOf<VisionException>().With.Message.Contains("longer than 1,048,576 characters"));
    }

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Read_OfAnything_GivesFramesOrItsOwnError() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        var path = Folder.Write("any.jsonl", [.. bytes, .. "\n{\"frame\":"u8, .. bytes, (byte)'\n']);
        try
        {
            _ = FrameLog.Read(path).Count();
        }
        catch (VisionException)
        {
        }
    });
}
