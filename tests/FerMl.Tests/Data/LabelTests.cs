using System.ComponentModel.DataAnnotations;

namespace FerMl.Tests;

/// <summary>Labels as data sets write them, and as the user names them.</summary>
public class LabelTests : FolderTests
{
    [Test]
    public void Load_FoldersOfNumbersAndNames_AreReadByName()
    {
        Faces("train", "0_angry", "3-happy", "6. neutral");
        Assert.That(Emotions(FerDataset.Load(Folder.Path("train"))), Is.EqualTo([Emotion.Anger, Emotion.Happy, Emotion.Neutral]));
    }

    [Test]
    public void Load_FoldersZeroToSix_AreFer2013sCodes()
    {
        Faces("train", "0", "3", "6");
        var data = FerDataset.Load(Folder.Root);
        Assert.That(Emotions(data), Is.EqualTo([Emotion.Anger, Emotion.Happy, Emotion.Neutral]));
        Assert.That(data.Remarks.Single(), Does.Contain("FER2013's codes: 0 anger, 1 disgust, 2 fear, 3 happy"));
    }

    [Test]
    public void Load_FoldersOneToSeven_AreRafDbs()
    {
        Faces("train", "1", "2", "3", "4", "5", "6", "7");
        var data = FerDataset.Load(Folder.Root);
        Assert.That(Emotions(data), Is.EqualTo(
            [Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Happy, Emotion.Sad, Emotion.Anger, Emotion.Neutral]));
        Assert.That(data.Remarks.Single(), Does.Contain("RAF-DB's labels: 1 surprise, 2 fear"));
    }

    [TestCase("1", "2")]
    [TestCase("0", "7")]
    [TestCase("10", "11")]
    public void Load_FoldersOfUncertainNumbers_AreRefusedWithTheRemedy(string one, string other)
    {
        Faces("train", one, other);
        Assert.That(() => FerDataset.Load(Folder.Root), Throws.TypeOf<FerDataException>().With.Message.Contains(
            $"is in folder '{one}', an ambiguous number")
                .And.Message.Contains("FerLoadOptions.Labels (1=surprise,2=fear)"));
    }

    [Test]
    public void Load_IgnoredNumbers_StillTellWhoseTheyAre()
    {
        Faces("train", "0", "1", "2", "3", "4", "5", "6", "7");
        Assert.That(() => FerDataset.Load(Folder.Root, new FerLoadOptions { IgnoredLabels = ["7"] }),
            Throws.TypeOf<FerDataException>().With.Message.Contains("an ambiguous number"), "AffectNet begins with neutral");
        Directory.Delete(Folder.Path("train/7"), recursive: true);
        var rest = FerDataset.Load(Folder.Root, new FerLoadOptions { IgnoredLabels = ["0"] });
        Assert.That(Emotions(rest).First(), Is.EqualTo(Emotion.Disgust));
    }

    [Test]
    public void Load_NamedLabels_AreReadInFoldersAndTables()
    {
        Faces("train", "1", "2", "grin");
        var options = new FerLoadOptions
        {
            Labels = new Dictionary<string, Emotion> { ["1"] = Emotion.Sad, ["2"] = Emotion.Fear, ["GRIN"] = Emotion.Happy },
        };
        Assert.That(Emotions(FerDataset.Load(Folder.Root, options)), Is.EqualTo([Emotion.Sad, Emotion.Fear, Emotion.Happy]));
        var table = Folder.Write("fer.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(2)).Replace("\n2,", "\n2.0,"));
        Assert.That(Emotions(FerDataset.Load(table, options)), Is.EqualTo([Emotion.Sad, Emotion.Fear]));
        Assert.That(() => FerDataset.Load(Folder.Write("fer.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(3))), options),
            Throws.TypeOf<FerDataException>().With.Message.Contains("line 3, column emotion: '3'"), "a number without a name");
    }

    [Test]
    public void Load_IgnoredLabels_AreLeftOutAndCounted()
    {
        Faces("train", "happy", "contempt");
        var data = FerDataset.Load(Folder.Root, new FerLoadOptions { IgnoredLabels = ["Contempt"] });
        Assert.That(Emotions(data), Is.EqualTo([Emotion.Happy]));
        Assert.That(data.Remarks, Is.EqualTo((string[])["Faces left out for an ignored label (Contempt): 1."]));
        var table = FerDataset.Load(
            Folder.Write("fer.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(7))), new FerLoadOptions { IgnoredLabels = ["7"] });
        Assert.That(table.Count, Is.EqualTo(1));
    }

    [Test]
    public void Load_LabelNamedAndIgnored_IsRefused() => Assert.That(
        () => FerDataset.Load(Folder.Root, new FerLoadOptions
        {
            Labels = new Dictionary<string, Emotion> { ["x"] = Emotion.Sad },
            IgnoredLabels = ["X"],
        }), Throws.TypeOf<ValidationException>().With.Message.StartsWith("The label 'X' is both in FerLoadOptions.Labels and in"));

    private static IEnumerable<Emotion> Emotions(FerDataset data) => data.Samples.Select(face => face.Emotion);

    private void Faces(string usage, params string[] labels)
    {
        foreach (var label in labels)
            Folder.Write($"{usage}/{label}/1.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
    }
}
