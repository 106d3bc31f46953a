using System.ComponentModel.DataAnnotations;
using System.IO.Compression;
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
    public void Load_SameFacesInAnyContainer_AreEqual()
    {
        var drawn = SyntheticFaces.Create(140, seed: 3);
        var csv = System.Text.Encoding.UTF8.GetBytes(FaceFiles.Csv(drawn));
        var paths = new[]
        {
            Folder.Write("plain.csv", csv),
            Zip("faces.zip", ("archive/fer2013.csv", csv)),
            Zip("challenge.zip", ("train.csv", "x"u8.ToArray()), ("icml_face_data.csv", csv), ("README", [])),
            Folder.Write("fer2013.csv.gz", Gzip(csv)),
            Folder.Write("fer2013.tar", Tar(("fer2013/README", "x"u8.ToArray()), ("fer2013/fer2013.csv", csv))),
            Folder.Write("fer2013.tar.gz", Gzip(Tar(("fer2013/README", "x"u8.ToArray()), ("fer2013/fer2013.csv", csv)))),
            Folder.Write("blank.csv", [.. csv, .. "\n\r\n  \n"u8]),
            Folder.Write("semicolons.csv", FaceFiles.Csv(drawn).Replace(',', ';')),
        };
        Assert.That(paths.Select(path => FerDataset.Load(path).Fingerprint), Is.All.EqualTo(drawn.Fingerprint));
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
    public void Load_TableOfAnotherNameBesideImages_IsntTheData()
    {
        var face = FaceFiles.Png(new byte[FaceResampler.PixelCount]);
        var data = FerDataset.Load(Zip("faces.zip", ("train/happy/1.png", face), ("labels.csv", "a,b\n1,2"u8.ToArray())));
        Assert.That((data.Count, data[0].Emotion), Is.EqualTo((1, Emotion.Happy)));
    }

    [Test]
    public void Load_ArchiveThatIsLockedOrCompressedOtherwise_SaysSo()
    {
        var path = Zip("fer2013.zip", ("fer2013.csv", System.Text.Encoding.UTF8.GetBytes(FerCsv.Text(FerCsv.Row(1)))));
        var bytes = File.ReadAllBytes(path);
        var directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        // Of the entry in the directory, byte 8 has the bit for encryption, byte 10 the method; of that before the data, bytes 6 and 8.
        byte[] locked = [.. bytes], lzma = [.. bytes];
        locked[directory + 8] |= 1;
        locked[6] |= 1;
        (lzma[directory + 10], lzma[8]) = (14, 14);
        Assert.That(() => FerDataset.Load(Folder.Write("locked.zip", locked)),
            Throws.TypeOf<FerDataException>().With.Message.Contains("fer2013.csv is encrypted").And.Message.Contains("password"));
        Assert.That(() => FerDataset.Load(Folder.Write("lzma.zip", lzma)),
            Throws.TypeOf<FerDataException>().With.Message.Contains("compressed by a method that isn't read here"));
    }

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
    public void Load_ImagesOfAnySize_ComeThroughTheInferenceResampler()
    {
        var photo = TestImages.Encode(150, 90, color: (x, y) => new SKColor((byte)x, (byte)(2 * y), 40));
        Folder.Write("faces/train/happy/1.png", photo);
        var expected = new byte[FaceResampler.PixelCount];
        FaceImageDecoder.Decode(new MemoryStream(photo), "photo", expected);
        var fromFolder = FerDataset.Load(Folder.Path("faces"));
        var fromZip = FerDataset.Load(Zip("faces.zip", ("train/happy/1.png", photo), ("__MACOSX/train/happy/._1.png", [1, 2])));
        Assert.That(fromFolder[0].Pixels.ToArray(), Is.EqualTo(expected));
        Assert.That(fromZip.Fingerprint, Is.EqualTo(fromFolder.Fingerprint));
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
        Assert.That(error.Message, Does.EndWith("(--skip-bad-rows)."));
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
        yield return Case("3", good, "Validation", "column Usage: 'Validation'; expected Training, PublicTest or PrivateTest");
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
            Throws.TypeOf<FerDataException>().With.Message.Contains("no image (.png, .jpg, .jpeg, .bmp, .webp) in it or below"));
    }

    [Test]
    public void Load_UnknownEmotionFolder_IsAProblem()
    {
        WriteFace("faces/train/contempt/1.png");
        Assert.That(() => FerDataset.Load(Folder.Path("faces")),
            Throws.TypeOf<FerDataException>().With.Message.Contains(
                "train/contempt/1.png: stands in folder 'contempt'; expected one named by emotion: anger"));
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
    public void Load_TruncatedArchive_IsAnError()
    {
        var csv = System.Text.Encoding.UTF8.GetBytes(FaceFiles.Csv(SyntheticFaces.Create(70)));
        var zip = File.ReadAllBytes(Zip("whole.zip", ("fer2013.csv", csv)));
        var gzip = Gzip(csv);
        Assert.That(() => FerDataset.Load(Folder.Write("cut.zip", zip[..(zip.Length / 2)])),
            Throws.TypeOf<FerDataException>().With.Message.Contains("damaged or cut short"));
        Assert.That(() => FerDataset.Load(Folder.Write("cut.gz", gzip[..(gzip.Length / 2)])), Throws.TypeOf<FerDataException>());
    }

    [Test]
    public void Load_ArchiveThatUnpacksTooLarge_IsRefused()
    {
        // 60 MB of zeros in 60 KB, read with a limit of 1 MB.
        var bomb = new byte[60_000_000];
        var options = new FerLoadOptions { MaxBytes = 1_000_000 };
        Assert.That(() => FerDataset.Load(Zip("bomb.zip", ("fer2013.csv", bomb)), options),
            Throws.TypeOf<FerDataException>().With.Message.Contains("claims 60 MB, more than the 1 MB that are accepted"));
        var path = Folder.Write("bomb.gz", Gzip([.. FerCsv.Text([.. Enumerable.Repeat(FerCsv.Row(1), 500)]).Select(c => (byte)c)]));
        Assert.That(() => FerDataset.Load(path, options),
            Throws.TypeOf<FerDataException>().With.Message.Contains("unpacks to more than the 1 MB"));
    }

    [Test]
    public void Load_EntryThatLiesAboutItsSize_IsReadNoFurtherThanTheLimit()
    {
        // The size that the archive's directory claims is made small; what comes out of the entry is not.
        var zip = File.ReadAllBytes(
            Zip("lie.zip", ("fer2013.csv", [.. FerCsv.Text([.. Enumerable.Repeat(FerCsv.Row(1), 500)]).Select(c => (byte)c)])));
        var directory = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), 10);
        Assert.That(() => FerDataset.Load(Folder.Write("lie2.zip", zip), new FerLoadOptions { MaxBytes = 100_000 }),
            Throws.TypeOf<FerDataException>());
    }

    [Test]
    public void Load_TooManyImages_IsAnError() => Assert.That(
        () => FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(1))), new FerLoadOptions { MaxImages = 1 }),
        Throws.TypeOf<FerDataException>().With.Message.Contains("more than 1 images; raise FerLoadOptions.MaxImages"));

    [Test]
    public void Load_ArchiveWithoutFaces_SaysSo() => Assert.That(
        () => FerDataset.Load(Zip("notes.zip", ("notes.txt", "x"u8.ToArray()))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("holds neither fer2013.csv nor images"));

    [Test]
    public void Load_ArchiveWithSeveralTables_AsksWhich() => Assert.That(
        () => FerDataset.Load(Zip("tables.zip", ("a.csv", []), ("b.csv", []))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("holds 2 CSV files (a.csv, b.csv), none named fer2013.csv"));

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
        Assert.That(Enum.GetValues<Emotion>().Select(emotion => dataset.CountOf(Usage.Training, emotion)), Is.All.EqualTo(10));
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

    private string Zip(string name, params (string Name, byte[] Bytes)[] entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (entryName, bytes) in entries)
            {
                using var entry = zip.CreateEntry(entryName).Open();
                entry.Write(bytes);
            }
        }
        return Folder.Write(name, memory.ToArray());
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(stream, leaveOpen: true))
            foreach (var (name, content) in entries)
                tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                });
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return memory.ToArray();
    }
}
