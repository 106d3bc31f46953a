using OpenCvSharp;

namespace FerMl.Benchmarking.Tests;

public class DetectionStudyTests : VisionTests
{
    /// <summary>Returns the given faces.</summary>
    private sealed class ToldDetector(params FoundFace[] faces) : IFaceDetector
    {
        public IReadOnlyList<FoundFace> Detect(GrayImage gray) => faces;

        public void Dispose()
        {
        }
    }

    private string Photos(string table)
    {
        var folder = Folder.Path("photos");
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])["group-1.png", "crowd-1.png", "nonface-1.png"])
        {
            using var image = new Mat(200, 300, MatType.CV_8UC3, new Scalar(90, 90, 90));
            Cv2.ImEncode(".png", image, out var png);
            File.WriteAllBytes(Path.Combine(folder, name), png);
        }
        File.WriteAllText(Path.Combine(folder, "boxes.csv"), table);
        return folder;
    }

    [Test]
    public void Run_CountsHitsByKindSizeAndPose()
    {
        var folder = Photos("""
            file,x,y,width,height,kind,roll,yaw
            group-1.png,10,10,50,60,face,20,0
            group-1.png,100,10,20,22,face,0,0
            group-1.png,200,100,80,80,unsure,0,0
            crowd-1.png,10,10,50,60,face,0,0.8
            nonface-1.png,,,,,none,,
            """);
        // Two boxes on the first face, one on the unsure face, and one on the background.
        using var detector = new ToldDetector(
            new FoundFace(new Rect(8, 12, 55, 55)), new FoundFace(new Rect(12, 14, 50, 50), 0.6f),
                new FoundFace(new Rect(205, 105, 70, 70)),
            new FoundFace(new Rect(150, 150, 40, 40)));
        var result = DetectionStudy.Run(folder, () => detector, Folder.Path("drawn"));
        Assert.That(result.OutsideCrowds, Is.EqualTo(new DetectionRecall(2, 1)));
        Assert.That(result.ByKind["crowd"], Is.EqualTo(new DetectionRecall(1, 1)));
        Assert.That(result.BySize["below 24"], Is.EqualTo(new DetectionRecall(1, 0)));
        Assert.That(result.BySize["40 to 80"], Is.EqualTo(new DetectionRecall(1, 1)));
        Assert.That(result.ByPose["roll 12 to 60"], Is.EqualTo(new DetectionRecall(1, 1)));
        Assert.That(result.ByPose["profile"].Recall, Is.NaN);
        // group-1: the background box; crowd-1: two boxes without an annotated face; nonface-1: all four boxes.
        Assert.That((result.Photos, result.FalsePositives), Is.EqualTo((3, 1 + 2 + 4)));
        Assert.That(Directory.GetFiles(Folder.Path("drawn")), Has.Length.EqualTo(3));
    }

    [Test]
    public void Run_TakesTheKindFromTheLettersAtTheBeginning()
    {
        var folder = Photos("file,x,y,width,height\ngroup_01_x.png,10,10,50,60\ngroup-1.png,10,10,50,60\ngroup7.png,10,10,50,60\n");
        foreach (var name in (string[])["group_01_x.png", "group7.png"])
            File.Copy(Path.Combine(folder, "group-1.png"), Path.Combine(folder, name));
        using var detector = new ToldDetector(new FoundFace(new Rect(8, 12, 55, 55)));
        Assert.That(DetectionStudy.Run(folder, () => detector).ByKind, Is.EqualTo(
            new Dictionary<string, DetectionRecall> { ["group"] = new(3, 3) }));
    }

    [TestCase("file,x,y\n", "line 1: the columns are file, x, y; expected file, x, y, width, height")]
    [TestCase("file,x,y,width,height,kind\ngroup-1.png,1,1,5,5,dog\n", "line 2, column kind: 'dog'; expected face, unsure or none")]
    [TestCase("file,x,y,width,height\ngroup-1.png,1,a,5,5\n", "line 2, column y: 'a'")]
    [TestCase("file,x,y,width,height\n", "without rows")]
    public void Run_OfATableThatIsWrong_SaysWhere(string table, string message) =>
        Assert.That(() => DetectionStudy.Run(Photos(table), () => new ToldDetector()),
            Throws.TypeOf<VisionException>().With.Message.Contains(message));

    [Test]
    public void Run_WithoutATable_SaysWhatIsWanted() =>
        Assert.That(() => DetectionStudy.Run(Folder.Root, () => new ToldDetector()),
            Throws.TypeOf<VisionException>().With.Message.Contains("boxes.csv"));
}
