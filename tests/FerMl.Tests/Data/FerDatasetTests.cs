using System.ComponentModel.DataAnnotations;
using SkiaSharp;

namespace FerMl.Tests;

public class FerDatasetTests : FolderTests
{
    [Test]
    public void Load_Csv_ReadsEveryRow()
    {
        var path = Folder.Write(
            "fer2013.csv", FerCsv.Text(FerCsv.Row(0, "Training", 0), FerCsv.Row(6, "PublicTest", 255), FerCsv.Row(3, "PrivateTest", 7)));
        var dataset = FerDataset.Load(path);
        Assert.That(dataset.Samples.Select(face => (face.Emotion, face.Usage, face.Id, face.Pixels[2303])), Is.EqualTo(new[]
        {
            (Emotion.Anger, Usage.Training, "fer0000000", (byte)0),
            (Emotion.Neutral, Usage.PublicTest, "fer0000001", (byte)255),
            (Emotion.Happy, Usage.PrivateTest, "fer0000002", (byte)7),
        }));
        Assert.That(dataset.Source, Is.EqualTo("fer2013.csv"));
    }

    [Test]
    public void Load_IcmlFaceData_ReadsColumnsInItsOrderWithLeadingBlanks()
    {
        var path = Folder.Write("icml_face_data.csv", $"emotion, Usage, pixels\r\n4,PublicTest,{FerCsv.Pixels(9)}\r\n");
        Assert.That(FerDataset.Load(path)[0] is { Emotion: Emotion.Sad, Usage: Usage.PublicTest }, Is.True);
    }

    [Test]
    public void Load_QuotedAndBom_AreRead()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF,
            .. System.Text.Encoding.UTF8.GetBytes($"{FerCsv.Header}\n\"2\",\"{FerCsv.Pixels(3)}\",\"Training\"\n")];
        Assert.That(FerDataset.Load(Folder.Write("fer2013.csv", bytes))[0].Emotion, Is.EqualTo(Emotion.Fear));
    }

    [Test]
    public void Load_CsvWithoutUsage_IsTraining()
    {
        var data = FerDataset.Load(Folder.Write("train.csv", $"emotion,pixels\n1,{FerCsv.Pixels(1)}\n"));
        Assert.That((data.Count, data[0].Usage, data[0].Emotion), Is.EqualTo((1, Usage.Training, Emotion.Disgust)));
    }

    [TestCase("3.0", Emotion.Happy)]
    [TestCase(" 6.0 ", Emotion.Neutral)]
    [TestCase("Angry", Emotion.Anger)]
    [TestCase("suprise", Emotion.Surprise)]
    public void Load_EmotionAsPeopleWriteIt_IsRead(string emotion, Emotion expected) => Assert.That(
        FerDataset.Load(Folder.Write("fer2013.csv", $"{FerCsv.Header}\n{emotion},{FerCsv.Pixels(1)},Training\n"))[0].Emotion,
        Is.EqualTo(expected));

    [Test]
    public void Load_ImageFolders_TakeUsageAndEmotionFromFoldersAndNames()
    {
        WriteFace("faces/train/angry/1.png");
        WriteFace("faces/train/happiness/Training_5.jpg", SKEncodedImageFormat.Jpeg);
        WriteFace("faces/validation/sad/2.webp", SKEncodedImageFormat.Webp);
        WriteFace("faces/test/surprised/3.PNG");
        WriteFace("faces/test/fear/PublicTest_99.png");
        Folder.Write("faces/test/fear/notes.txt", "no image");
        var dataset = FerDataset.Load(Folder.Path("faces"));
        Assert.That(dataset.Samples.Select(face => $"{face.Id} {face.Emotion} {face.Usage}"), Is.EqualTo(new[]
        {
            "test/fear/PublicTest_99.png Fear PublicTest",
            "test/surprised/3.PNG Surprise PrivateTest",
            "train/angry/1.png Anger Training",
            "train/happiness/Training_5.jpg Happy Training",
            "validation/sad/2.webp Sad PublicTest",
        }));
    }

    [Test]
    public void Load_FolderNamedByUsageOrEmotion_KeepsItsMeaning()
    {
        WriteFace("faces/test/happy/1.png");
        Assert.That(FerDataset.Load(Folder.Path("faces/test"))[0].Usage, Is.EqualTo(Usage.PrivateTest));
        Assert.That(FerDataset.Load(Folder.Path("faces/test/happy"))[0].Emotion, Is.EqualTo(Emotion.Happy));
    }

    [Test]
    public void Load_BadRows_ListsFiveAndCountsAll()
    {
        var rows = Enumerable.Repeat(FerCsv.Row(9), 7).Prepend(FerCsv.Row(1)).ToArray();
        var path = Folder.Write("fer2013.csv", FerCsv.Text(rows));
        var error = Assert.Throws<FerDataException>(() => FerDataset.Load(path))!;
        Assert.That(error.Problems.Total, Is.EqualTo(7));
        Assert.That(error.Problems, Has.Count.EqualTo(5));
        Assert.That(error.Message, Does.StartWith("fer2013.csv: 7 rows or images are wrong:"));
        Assert.That(error.Message, Does.Contain("fer2013.csv, line 3, column emotion: '9'; expected a code from 0 to 6"));
        Assert.That(error.Message, Does.Contain("and 2 more"));
        Assert.That(error.Message, Does.EndWith("or leave them out with FerLoadOptions.SkipBadRows."));
    }

    [Test]
    public void Load_SkipBadRows_KeepsTheGoodAndReportsTheBad()
    {
        var path = Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(9), FerCsv.Row(2)));
        var dataset = FerDataset.Load(path, new FerLoadOptions { SkipBadRows = true });
        Assert.That(dataset.Samples.Select(face => face.Id), Is.EqualTo(new[] { "fer0000000", "fer0000002" }));
        Assert.That(dataset.Problems.Total, Is.EqualTo(1));
    }

    [Test]
    public void Load_SkipBadRows_AllBad_IsStillAnError() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(9))), new FerLoadOptions { SkipBadRows = true }),
        Throws.TypeOf<FerDataException>());

    private static IEnumerable<TestCaseData> BadCells()
    {
        var good = FerCsv.Pixels(1);
        yield return Case("bored", good, "Training", "column emotion: 'bored'; expected a code from 0 to 6");
        yield return Case("", good, "Training", "column emotion: ''; expected a code from 0 to 6");
        yield return Case("3", good, "Holdout", "column Usage: 'Holdout'; expected Training, PublicTest or PrivateTest");
        yield return Case("3", good + " 5", "Training", "column pixels: 2,305 pixels; expected 2,304 (48x48)");
        yield return Case("3", "", "Training", "column pixels: 0 pixels; expected 2,304 (48x48)");
        yield return Case("3", "12 256" + good[3..], "Training", "column pixels: pixel 2 is '256'; expected 0 to 255");
        yield return Case("3", "-1" + good[1..], "Training", "column pixels: pixel 1 is '-1'; expected 0 to 255");
        yield return Case("3", "1.5" + good[1..], "Training", "column pixels: pixel 1 is '1.5'; expected 0 to 255");
        yield return Case("3", "00001" + good[1..], "Training", "column pixels: pixel 1 is '00001'; expected 0 to 255");
        yield return Case("3", "4294967297" + good[1..], "Training", "column pixels: pixel 1 is '4294967297'; expected 0 to 255");

        static TestCaseData Case(string emotion, string pixels, string usage, string expected) =>
            new TestCaseData(emotion, pixels, usage, expected).SetArgDisplayNames(expected);
    }

    [TestCaseSource(nameof(BadCells))]
    public void Load_BadCell_NamesLineColumnAndExpectation(string emotion, string pixels, string usage, string expected)
    {
        var path = Folder.Write("fer2013.csv", $"{FerCsv.Header}\n{emotion},{pixels},{usage}\n");
        Assert.That(() => FerDataset.Load(path),
            Throws.TypeOf<FerDataException>().With.Message.Contains($"fer2013.csv, line 2, {expected}"));
    }

    [Test]
    public void Load_ShortRow_IsAProblem() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), "3,1 2 3"))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("line 3: 2 fields; expected 3"));

    [Test]
    public void Load_MissingColumn_NamesIt() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", $"emotion,usage\n1,Training\n")),
        Throws.TypeOf<FerDataException>().With.Message.EqualTo(
            "fer2013.csv, line 1: no column 'pixels' in the header (emotion, usage); expected emotion, pixels."));

    [Test]
    public void Load_HeaderOnly_SaysThatThereAreNoFaces() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Header + "\n")),
        Throws.TypeOf<FerDataException>().With.Message.Contains("holds no faces"));

    [Test]
    public void Load_EndlessLine_StopsAtTheLimit() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", $"{FerCsv.Header}\n1,{new string('7', 1_000_000)}")),
        Throws.TypeOf<FerDataException>().With.Message.Contains("line 2: a row of more than 65,536 characters"));

    [Test]
    public void Load_NothingThere_SaysWhatToGive() => Assert.That(
        () => FerDataset.Load(Folder.Path("absent.csv")),
        Throws.TypeOf<FerDataException>().With.Message.Contains("no such file or folder; give fer2013.csv"));

    [Test]
    public void Load_EmptyFile_IsAnError() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", "")),
        Throws.TypeOf<FerDataException>().With.Message.Contains("the file is empty"));

    [Test]
    public void Load_FolderWithoutImages_IsAnError()
    {
        Folder.Write("faces/readme.txt", "none");
        Assert.That(() => FerDataset.Load(Folder.Path("faces")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("no image (.png, .jpg, .jpeg, .jpe, .jfif, .bmp, .webp, .gif, .tif, "
                + ".tiff) in it or below"));
    }

    [Test]
    public void Load_UnknownEmotionFolder_IsAProblem()
    {
        WriteFace("faces/train/boredom/1.png");
        Assert.That(() => FerDataset.Load(Folder.Path("faces")),
            Throws.TypeOf<FerDataException>().With.Message.Contains(
                "train/boredom/1.png: is in folder 'boredom'; expected one named by emotion: anger"));
    }

    [Test]
    public void Load_DamagedImage_IsAProblemThatNamesItOnce()
    {
        WriteFace("faces/train/happy/1.png");
        Folder.Write("faces/train/happy/2.png", TestImages.PngThatClaims(20_000, 20_000));
        Assert.That(() => FerDataset.Load(Folder.Path("faces")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("  train/happy/2.png: 20000x20000 is 400.0 megapixels"));
        Assert.That(FerDataset.Load(Folder.Path("faces"), new FerLoadOptions { SkipBadRows = true }).Count, Is.EqualTo(1));
    }

    [Test]
    public void Load_TooManyImages_IsAnError() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(1))), new FerLoadOptions { MaxImages = 1 }),
        Throws.TypeOf<FerDataException>().With.Message.Contains("more than 1 images; raise FerLoadOptions.MaxImages"));

    [Test]
    public void Load_BadLimits_AreRefused()
    {
        Assert.That(() => FerDataset.Load("x", new FerLoadOptions { MaxBytes = 0 }), Throws.TypeOf<ValidationException>());
        Assert.That(() => FerDataset.Load("x", new FerLoadOptions { MaxImages = 900_001 }), Throws.TypeOf<ValidationException>());
    }

    [Test]
    public void Limit_KeepsTheClassesInProportion()
    {
        var dataset = SyntheticFaces.Create(1_400, seed: 1).Limit(70);
        Assert.That(EmotionTask.Seven.Emotions.Select(emotion => dataset.CountOf(Usage.Training, emotion)), Is.All.EqualTo(10));
        Assert.That(dataset.Count, Is.EqualTo(210));
        Assert.That(SyntheticFaces.Create(1_400, seed: 1).Limit(70).Fingerprint, Is.EqualTo(dataset.Fingerprint));
    }

    [Test]
    public void Where_NothingLeft_SaysWhatThereWas() => Assert.That(
        () => SyntheticFaces.Create(70).Where(_ => false),
        Throws.TypeOf<FerDataException>().With.Message.Contains("no face is left after filtering; it has 56 Training faces"));

    [Test]
    public void Create_WrongPixelCount_NamesTheFace() => Assert.That(
        () => FerDataset.Create("mine", [(new byte[5], Emotion.Happy, Usage.Training)]),
        Throws.ArgumentException.With.Message.Contains("Face 0 has 5 pixels"));

    private void WriteFace(string name, SKEncodedImageFormat format = SKEncodedImageFormat.Png) =>
        Folder.Write(name, TestImages.Encode(60, 50, format));
}
