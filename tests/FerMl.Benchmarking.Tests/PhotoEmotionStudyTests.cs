using OpenCvSharp;

namespace FerMl.Benchmarking.Tests;

public class PhotoEmotionStudyTests : VisionTests
{
    private sealed class TwoFaces : IFaceDetector
    {
        public IReadOnlyList<FoundFace> Detect(GrayImage gray) => [new(new Rect(10, 10, 40, 40)), new(new Rect(100, 10, 40, 40)),
            new(new Rect(200, 100, 40, 40))];

        public void Dispose()
        {
        }
    }

    /// <summary>Predicts the first label for every face.</summary>
    private static PhotoEmotionModel Constant(string name, params string[] labels) => new(
        name, labels, faces => [.. faces.Select(_ => new EmotionPrediction(labels, [1, .. Enumerable.Repeat(0f, labels.Length - 1)]))]);

    private string Photos(string table)
    {
        var folder = Folder.Path("photos");
        Directory.CreateDirectory(folder);
        using var image = new Mat(200, 300, MatType.CV_8UC3, new Scalar(90, 90, 90));
        Cv2.ImEncode(".png", image, out var png);
        File.WriteAllBytes(Path.Combine(folder, "a.png"), png);
        File.WriteAllText(Path.Combine(folder, "emotions.csv"), table);
        return folder;
    }

    [Test]
    public void Run_CountsFacesThatAreFound_AndSlightSmilesApart()
    {
        var folder = Photos("""
            file,x,y,width,height,emotion
            a.png,10,10,40,40,sad/neutral
            a.png,100,10,40,40,happy
            a.png,200,100,40,40,slight
            a.png,10,150,40,40,happy
            """);
        var (results, faces) = PhotoEmotionStudy.Run(
            folder, () => new TwoFaces(), [Constant("n", "neutral", "happy"), Constant("a", "anger", "fear")]);
        Assert.That(faces, Is.EqualTo(4));
        Assert.That((results[0].Found, results[0].Right), Is.EqualTo((2, 1)), "the third counts separately, the fourth isn't found");
        Assert.That(results[0].ByEmotion["sad"], Is.EqualTo(new PhotoEmotionCount(1, 1)), "either label is correct");
        Assert.That(results[0].ByEmotion["happy"], Is.EqualTo(new PhotoEmotionCount(1, 0)));
        Assert.That(results[0].ByEmotion["slight"], Is.EqualTo(new PhotoEmotionCount(1, 1)));
        Assert.That(results[0].Confusions, Is.EqualTo(new Dictionary<string, int> { ["happy as neutral"] = 1 }));
        Assert.That((results[1].Found, results[1].Right), Is.EqualTo((0, 0)), "faces whose emotion isn't one of the model's labels");
    }

    [Test]
    public void Crops_AreOfTheSizesAskedFor()
    {
        var folder = Photos("file,x,y,width,height,emotion\na.png,10,10,40,40,happy\n");
        // A bright square of 40 pixels on a dark background: the larger the crop's scale, the smaller its bright part.
        using (var image = new Mat(200, 300, MatType.CV_8UC3, Scalar.All(10)))
        {
            using (var place = image.SubMat(new Rect(10, 10, 40, 40)))
                place.SetTo(Scalar.All(200));
            Cv2.ImEncode(".png", image, out var png);
            File.WriteAllBytes(Path.Combine(folder, "a.png"), png);
        }
        var bright = new List<int>();
        var results = PhotoEmotionStudy.Crops(folder, () => new TwoFaces(), new PhotoEmotionModel("n", ["happy", "sad"], faces =>
        {
            bright.Add(faces[0].Pixels.ToArray().Count(level => level > 150));
            return [new EmotionPrediction(["happy", "sad"], [1, 0])];
        }), [0.5, 1, 2]);
        Assert.That(results.Select(result => (result.Right, result.Found)), Is.All.EqualTo((1, 1)));
        Assert.That(bright, Is.EqualTo(new[] { 2304, 2304, 2304 / 4 }).Within(100));
    }

    [TestCase("file,x,y,width,height,emotion\na.png,1,1,9,9,grumpy\n", "line 2, column emotion: 'grumpy'; expected anger")]
    [TestCase("file,x,y,width,height\na.png,1,1,9,9\n", "expected file, x, y, width, height, emotion")]
    [TestCase("file,x,y,width,height,emotion\n", "a table without rows")]
    public void Load_WrongTable_SaysWhere(string table, string expected) => Assert.That(
        () => PhotoEmotions.Load(Photos(table)), Throws.TypeOf<VisionException>().With.Message.Contains(expected));
}
