using System.IO.Compression;
using SkiaSharp;

namespace FerMl.Tests;

/// <summary>Data sets in archives, valid and invalid.</summary>
public class FerArchiveTests : FolderTests
{
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
        // The encryption bit and the compression method are in bytes 8 and 10 of the directory's entry, 6 and 8 of the local header.
        byte[] locked = [.. bytes], lzma = [.. bytes];
        locked[directory + 8] |= 1;
        locked[6] |= 1;
        (lzma[directory + 10], lzma[8]) = (14, 14);
        Assert.That(() => FerDataset.Load(Folder.Write("locked.zip", locked)),
            Throws.TypeOf<FerDataException>().With.Message.Contains("fer2013.csv is encrypted").And.Message.Contains("password"));
        Assert.That(() => FerDataset.Load(Folder.Write("lzma.zip", lzma)),
            Throws.TypeOf<FerDataException>().With.Message.Contains("compression method isn't supported"));
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
        // The directory claims a small size, but the entry unpacks to more.
        var zip = File.ReadAllBytes(
            Zip("lie.zip", ("fer2013.csv", [.. FerCsv.Text([.. Enumerable.Repeat(FerCsv.Row(1), 500)]).Select(c => (byte)c)])));
        var directory = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), 10);
        Assert.That(() => FerDataset.Load(Folder.Write("lie2.zip", zip), new FerLoadOptions { MaxBytes = 100_000 }),
            Throws.TypeOf<FerDataException>());
    }

    [Test]
    public void Load_ArchiveWithoutFaces_SaysSo() => Assert.That(
        () => FerDataset.Load(Zip("notes.zip", ("notes.txt", "x"u8.ToArray()))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("holds neither fer2013.csv nor images"));

    [Test]
    public void Load_ArchiveWithSeveralTables_AsksWhich() => Assert.That(
        () => FerDataset.Load(Zip("tables.zip", ("a.csv", []), ("b.csv", []))),
        Throws.TypeOf<FerDataException>().With.Message.Contains("holds 2 CSV files (a.csv, b.csv), none named fer2013.csv"));

    [Test]
    public void Load_OfATarWithSeveralTables_TakesTheKnownOne_AndElseAsks()
    {
        var csv = System.Text.Encoding.UTF8.GetBytes(FaceFiles.Csv(SyntheticFaces.Create(70)));
        (string, byte[])[] several = [("notes.csv", "a,b\n1,2\n"u8.ToArray()), ("fer2013/fer2013.csv", csv)];
        foreach (var path in (string[])[Folder.Write("a.tar", Tar(several)), Folder.Write("a.tar.gz", Gzip(Tar(several)))])
            Assert.That(FerDataset.Load(path).Count, Is.EqualTo(70));
        Assert.That(() => FerDataset.Load(Folder.Write("b.tar", Tar(("a.csv", csv), ("b.csv", csv)))),
            Throws.TypeOf<FerDataException>().With.Message.Contains("holds 2 CSV files (a.csv, b.csv)"));
        Assert.That(() => FerDataset.Load(Folder.Write("c.tar", Tar(("a.txt", csv)))),
            Throws.TypeOf<FerDataException>().With.Message.Contains("holds no CSV file"));
    }

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
