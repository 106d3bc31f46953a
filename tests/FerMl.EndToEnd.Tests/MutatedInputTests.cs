using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using FerMl.Experiments;
using FerMl.Tests;
using FerMl.Vision;
using SkiaSharp;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// Fuzzes every file reader with seeded random mutations: each returns a result or throws one of FerMl's exceptions, and none ends the
/// process. <c>FERML_MUTATIONS=1000000</c> runs for a night.
/// </summary>
public class MutatedInputTests : FolderTests
{
    private static readonly int Mutations =
        int.TryParse(Environment.GetEnvironmentVariable("FERML_MUTATIONS"), CultureInfo.InvariantCulture, out var count) ? count : 100;

    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 5);

    private static readonly Lazy<EmotionPredictor> Predictor = new(() => EmotionPredictor.LoadDefault(PretrainedModel.SevenFast));

    /// <summary>A reader, the extension of its files, and a valid file.</summary>
    private static IEnumerable<TestCaseData> Readers
    {
        get
        {
            var csv = Encoding.UTF8.GetBytes(FaceFiles.Csv(Faces));
            yield return Reader("table", ".csv", csv, path => _ = FerDataset.Load(path).Fingerprint);
            yield return Reader("table, bad rows left out", ".csv", csv,
                path => _ = FerDataset.Load(path, new FerLoadOptions { SkipBadRows = true }).Count);
            yield return Reader("gzip", ".gz", Gzip(csv), path => _ = FerDataset.Load(path).Count);
            yield return Reader("zip", ".zip", Zip(csv), path => _ = FerDataset.Load(path).Count);
            yield return Reader("tar", ".tar", Tar(csv), path => _ = FerDataset.Load(path).Count);
            yield return Reader("votes", ".csv", Encoding.UTF8.GetBytes(
                "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n" + string.Concat(
                    Faces.Samples.Select(face => $"{face.Usage},fer.png,4,0,0,1,3,2,0,0,0,0\n"))), path => Faces.WithVotes(path));
            foreach (var (ending, image) in ((string, byte[])[])[
                (".png", TestImages.PngTurned(60, 6, Color)), (".jpg", TestImages.JpegTurned(60, 8, Color)),
                (".webp", TestImages.WebpTurned(60, 3, Color)), (".bmp", TestImages.Bmp(60, 40, 99)),
                (".tif", TestImages.Tiff(60, Color))])
            {
                yield return Reader($"face {ending}", ending, image, path => Predictor.Value.Predict(path));
                yield return Reader($"photo {ending}", ending, image, path => Photo.Read(path).Dispose());
            }
            yield return Reader("model", ".zip", Model(), path => EmotionPredictor.Load(path).Dispose());
            yield return Reader("model, whole pipeline", ".zip", Model(),
                path => EmotionModel.Load(path).LoadTransformer(new Microsoft.ML.MLContext()));
            yield return Reader("face detector", ".zip", Detector(), LookForFaces);
            yield return Reader("faces of photographs", ".csv",
                Encoding.UTF8.GetBytes("file,x,y,width,height,kind\na.png,1,2,3,4,face\nb.png,,,,,none\n"), path =>
                {
                    File.Copy(path, Path.Combine(Path.GetDirectoryName(path)!, PhotoTruth.FileName), overwrite: true);
                    PhotoTruth.Load(Path.GetDirectoryName(path)!);
                });
            yield return Reader("study", ".db", Study(), path => StudyStore.Open(path).List());
            yield return Reader("log", ".jsonl", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
                "{\"frame\":0,\"time\":0.1,\"faces\":[{\"id\":1,\"box\":[1,2,3,4],\"label\":\"happy\",\"scores\":{\"happy\":1}}]}\n", 5))),
                path => _ = FrameLog.Read(path).Count());
            yield return Reader("ground truth", ".csv", Encoding.UTF8.GetBytes("frame,emotion\n0,happy\n1,sad\n2,happy\n"),
                path => VideoGroundTruth.Load(path));
            yield return Reader("video .avi", ".avi", Video("avi"), ReadVideo);
            yield return Reader("video .mp4", ".mp4", Video("mp4"), ReadVideo);
        }
    }

    [TestCaseSource(nameof(Readers))]
    public void Read_OfAChangedFile_IsAnAnswerOrATypedError(string ending, byte[] whole, Action<string> read)
    {
        Assert.That(() => read(Folder.Write($"whole{ending}", whole)), Throws.Nothing);
        var random = new Random(17);
        var path = Folder.Path($"changed{ending}");
        for (var i = 0; i < Mutations; i++)
        {
            File.WriteAllBytes(path, Change(whole, random));
            try
            {
                read(path);
            }
            catch (Exception e) when (e is FerMlException or IOException)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
        }
    }

    private static byte[] Change(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var (place, length) = (random.Next(bytes.Count), random.Next(1, 64));
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(place, Math.Min(length, bytes.Count - place));
                    break;
                case 1:
                    bytes.InsertRange(place, Enumerable.Repeat((byte)random.Next(256), length));
                    break;
                case 2:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                default:
                    // Half of the changes are within the first 200 bytes, where headers store sizes.
                    bytes[random.Next(2) == 0 ? place : random.Next(Math.Min(bytes.Count, 200))] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }

    private static TestCaseData Reader(string name, string ending, byte[] whole, Action<string> read) =>
        new TestCaseData(ending, whole, read).SetArgDisplayNames(name);

    private static SKColor Color(int x, int y) => new((byte)(x * 4), (byte)(y * 4), (byte)(x * y));

    private static byte[] Detector()
    {
        using var shipped = typeof(CnnFaceDetector).Assembly.GetManifestResourceStream("face-detector.zip")!;
        using var bytes = new MemoryStream();
        shipped.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void LookForFaces(string path)
    {
        using var detector = new CnnFaceDetector(new CnnDetectorOptions { Model = path });
        using var photo = new MovingFaces([Faces[3].Pixels.ToArray()]).Draw(0).Image;
        using var gray = photo.CvtColor(OpenCvSharp.ColorConversionCodes.BGR2GRAY);
        _ = detector.Detect(gray);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(content);
        return stream.ToArray();
    }

    private static byte[] Zip(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("fer2013.csv").Open())
            entry.Write(content);
        return stream.ToArray();
    }

    private static byte[] Tar(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "fer2013/fer2013.csv") { DataStream = new MemoryStream(content) });
        return stream.ToArray();
    }

    private static byte[] Model()
    {
        using var model = typeof(EmotionPredictor).Assembly.GetManifestResourceStream("fer7-fast.zip")!;
        using var bytes = new MemoryStream();
        model.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Study()
    {
        using var folder = new TestFolder();
        var store = StudyStore.Open(folder.Path("study.db"));
        store.Begin(new StudyDefinition { Name = "study", Space = new SearchSpace().AddRange("x", 0, 1), MaxTrials = 3 });
        store.Report("study", store.Claim("study", "w", TimeSpan.FromMinutes(1))!, 0.5);
        return File.ReadAllBytes(folder.Path("study.db"));
    }

    private static byte[] Video(string ending)
    {
        using var folder = new TestFolder();
        new MovingFaces([Faces[0].Pixels.ToArray()]).WriteVideo(folder.Path($"clip.{ending}"), frames: 4);
        return File.ReadAllBytes(folder.Path($"clip.{ending}"));
    }

    private static void ReadVideo(string path)
    {
        using var source = FrameSources.Open(path);
        for (var i = 0; i < 20 && source.Read() is { } frame; i++)
            frame.Dispose();
    }
}
