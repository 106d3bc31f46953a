namespace FerMl.Experiments.Tests;

public class DataSurveyTests
{
    private static FerDataset Faces(params (string Label, int Count)[] labels)
    {
        var drawn = SyntheticFaces.Create(400);
        var next = 0;
        return FerDataset.CreateLabeled("faces", labels.SelectMany(label => Enumerable.Range(0, label.Count)
            .Select(_ => (drawn[next++].Pixels.ToArray(), label.Label, Usage.Training))).ToArray());
    }

    [Test]
    public void Sentences_SayWhatIsThere_AndWhatIsRare()
    {
        var survey = DataSurvey.Of(Faces(("glasses", 120), ("none", 8)), EmotionTask.OfLabels("glasses", "none"));
        Assert.That(survey.Sentences(), Is.EqualTo(new[]
        {
            "128 faces, 2 labels: glasses 120, none 8.",
            "glasses has 15 times as many faces as none; more faces of none help most.",
            "none has 8 faces; its metrics are imprecise.",
        }));
    }

    [Test]
    public void Sentences_SayCopies_AndThoseWithOtherLabels()
    {
        var faces = SyntheticFaces.Create(70);
        var copied = FerDataset.CreateLabeled("faces", faces.Samples.Take(20)
            .Select(face => (face.Pixels.ToArray(), "a", Usage.Training)).Concat([(faces[0].Pixels.ToArray(), "b", Usage.Training),
                (faces[1].Pixels.ToArray(), "b", Usage.Training), (faces[2].Pixels.ToArray(), "a", Usage.Training)]).ToArray());
        Assert.That(DataSurvey.Of(copied, EmotionTask.OfLabels("a", "b")).Sentences(), Has.Some.StartsWith("3 duplicate faces, ")
            .And.Some.EqualTo("2 groups of duplicates have different labels."));
    }

    [Test]
    public void Sentences_SayHowLargeTheImagesAre()
    {
        using var folder = new FerMl.Tests.TestFolder();
        foreach (var (i, side) in new[] { 30, 200, 700 }.Index())
            folder.Write($"{(i == 0 ? "a" : "b")}/{side}.png", FerMl.Tests.TestImages.PngTurned(side, 1, (x, y) =>
                new SkiaSharp.SKColor((byte)x, (byte)y, (byte)i)));
        var faces = FerDataset.Load(folder.Root, new FerLoadOptions { CustomLabels = true });
        Assert.That(DataSurvey.Of(faces, EmotionTask.OfLabels("a", "b")).Sentences(), Has.Some.StartsWith(
            "Images are of 30 to 700 pixels (shorter side) and become 48x48; one is smaller than that, and blurred; crop large"));
    }

    [TestCase("anna_1.png,anna_2.png,ben_1.png,ben_2.png,eva_1.png,eva_2.png", ExpectedResult = "anna,ben,eva")]
    [TestCase("anna1.png,anna2.png,ben1.png,ben2.png,eva1.png,eva2.png", ExpectedResult = "anna,ben,eva")]
    [TestCase("1.png,2.png,3.png,4.png,5.png,6.png", ExpectedResult = "")]
    [TestCase("img_1.png,img_2.png,img_3.png,img_4.png,img_5.png,img_6.png", ExpectedResult = "")]
    public string People_AreWhoseNamesBeginFilesOfSeveralLabels(string names)
    {
        using var folder = new FerMl.Tests.TestFolder();
        foreach (var (i, name) in names.Split(',').Index())
            folder.Write($"{(i % 2 == 0 ? "glasses" : "none")}/{name}", FerMl.Tests.FaceFiles.Png(SyntheticFaces.Create(70)[i].Pixels));
        var faces = FerDataset.Load(folder.Root, new FerLoadOptions { CustomLabels = true });
        return string.Join(',', DataSurvey.Of(faces, EmotionTask.OfLabels("glasses", "none")).People);
    }
}
