using System.IO.Compression;

namespace FerMl.Tests;

/// <summary>Images that a list labels.</summary>
public class ImageListTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 9);

    private void Write(params string[] names)
    {
        foreach (var (i, name) in names.Index())
            Folder.Write(name, FaceFiles.Png(Faces[i].Pixels));
    }

    private static (string Label, Usage Usage)[] LabelsOf(FerDataset faces) =>
        [.. faces.Samples.OrderBy(face => face.Id, StringComparer.Ordinal).Select(face => (face.Label, face.Usage))];

    [TestCase(false)]
    [TestCase(true)]
    public void RafDb_IsReadAsItIsDistributed(bool isZip)
    {
        Write("Image/aligned/train_00001_aligned.png", "Image/aligned/train_00002_aligned.png", "Image/aligned/test_0001_aligned.png",
            "Image/original/train_00001.png");
        Folder.Write("EmoLabel/list_patition_label.txt", "train_00001.png 1\ntrain_00002.png 7\n\ntest_0001.png 4\ntest_0002.png 4\n");
        var path = Folder.Root;
        if (isZip)
        {
            path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.zip");
            ZipFile.CreateFromDirectory(Folder.Root, path);
            File.Move(path, path = Folder.Path("raf.zip"));
        }
        var faces = FerDataset.Load(path);
        Assert.That(LabelsOf(faces), Is.EqualTo(new[]
        {
            ("happy", Usage.PrivateTest), ("surprise", Usage.Training), ("neutral", Usage.Training),
        }));
        Assert.That(faces.Remarks, Has.Some.Contains("1 surprise, 2 fear").And.Some.Contains("1 image left out")
            .And.Some.Contains("without an image: 1").And.None.Contains(".txt.").And.None.Contains("1 .txt"));
    }

    [Test]
    public void RafDb_WithNamedNumbers_IsReadByThese()
    {
        Write("a.png", "b.png");
        Folder.Write("list_patition_label.txt", "a.png 1\nb.png 2\n");
        var named = new FerLoadOptions { Labels = new Dictionary<string, Emotion> { ["1"] = Emotion.Sad, ["2"] = Emotion.Fear } };
        var faces = FerDataset.Load(Folder.Root, named);
        Assert.That(LabelsOf(faces).Select(face => face.Label), Is.EqualTo(new[] { "sad", "fear" }));
        Assert.That(faces.Remarks, Has.None.Contains("1 surprise"));
    }

    [Test]
    public void Legend_LabelsImagesByName()
    {
        Write("images/a.png", "images/b.png");
        Folder.Write("data/legend.csv", "user.id,image,emotion\n1,a.png,anger\n2,b.png,HAPPINESS\n");
        Assert.That(LabelsOf(FerDataset.Load(Folder.Root)).Select(face => face.Label), Is.EqualTo(new[] { "anger", "happy" }));
        Folder.Write("data/legend.csv", "user.id,image,emotion\n1,a.png,3\n2,b.png,HAPPINESS\n");
        Assert.That(() => FerDataset.Load(Folder.Root), Throws.TypeOf<FerDataException>()
            .With.Message.Contains("images/a.png: is labeled '3' by data/legend.csv").And.Message.Contains("FerLoadOptions.Labels"));
    }

    [TestCase("a.png 1 2\n", "line 1: expected the name of an image and its label")]
    [TestCase("a.png 1\na.png 2\n", "line 2: a.png has a label already")]
    [TestCase("a.png 8\n", "a.png: is labeled '8'")]
    [TestCase("a.png 1\n", "b.png: isn't named in list_patition_label.txt")]
    public void WrongLists_AreErrorsThatNameThePlace(string list, string says)
    {
        Write("a.png", "b.png");
        Folder.Write("list_patition_label.txt", list);
        Assert.That(() => FerDataset.Load(Folder.Root), Throws.TypeOf<FerDataException>().With.Message.Contains(says));
    }

    [Test]
    public void BadRows_AreLeftOutWhereThatIsAskedFor()
    {
        Write("a.png", "b.png");
        Folder.Write("list_patition_label.txt", "a.png 1\nb.png\na.png 2\n");
        var faces = FerDataset.Load(Folder.Root, new FerLoadOptions { SkipBadRows = true });
        Assert.That(LabelsOf(faces).Select(face => face.Label), Is.EqualTo(new[] { "surprise" }));
        Assert.That(faces.Problems.Total, Is.EqualTo(3), "a row without a label, a duplicate row, an image without a row");
    }

    [Test]
    public void ATableOfOtherColumns_IsNoList()
    {
        Write("train/happy/a.png");
        Folder.Write("legend.csv", "color,meaning\nred,anger\n");
        Assert.That(FerDataset.Load(Folder.Root)[0].Label, Is.EqualTo("happy"));
    }

    [Test]
    public void AListOfOtherImages_IsNone()
    {
        Write("train/happy/a.png");
        Folder.Write("legend.csv", "image,emotion\nother.png,sad\n");
        Assert.That(FerDataset.Load(Folder.Root)[0].Label, Is.EqualTo("happy"));
        Folder.Write("train/legend.csv", "image,emotion\na.png,sad\n");
        Assert.That(() => FerDataset.Load(Folder.Root), Throws.TypeOf<FerDataException>().With.Message.Contains("both label images"));
    }

    [Test]
    public void Coverage_SaysWhichLabelsHaveTooFewFaces()
    {
        var faces = FerDataset.Create("few", [.. Enumerable.Range(0, 5).Select(i => (Faces[i].Pixels.ToArray(),
            i < 2 ? Emotion.Happy : i < 4 ? Emotion.Sad : Emotion.Neutral, i == 3 ? Usage.PublicTest : Usage.Training))]);
        Assert.That(LabelCoverage.OfTraining(faces, EmotionTask.Three, holdsOut: true), Is.EqualTo(new[]
        {
            "Only one training face is labeled sad or neutral: it can't be both trained on and held out for validation.",
        }));
        Assert.That(LabelCoverage.OfTraining(faces, EmotionTask.Three, holdsOut: false), Is.Empty);
        Assert.That(LabelCoverage.OfTraining(faces, EmotionTask.Seven, holdsOut: false).Single(), Does.Contain("anger or disgust or fear"));
        Assert.That(LabelCoverage.OfEvaluation(faces, EmotionTask.Three.Labels, [Usage.PublicTest]), Does.Contain("happy or neutral"));
        Assert.That(LabelCoverage.OfEvaluation(faces, ["sad"], [Usage.PublicTest]), Is.Null);
    }
}
