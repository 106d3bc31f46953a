using System.IO.Compression;

namespace FerMl.Tests;

/// <summary>For any bytes, a reader succeeds or throws an exception of its own type.</summary>
public class ReaderPropertyTests : FolderTests
{
    private static readonly byte[] Csv = System.Text.Encoding.UTF8.GetBytes(FaceFiles.Csv(SyntheticFaces.Create(70)));
    private static readonly byte[] Zip = MakeZip();
    private static readonly byte[][] Images = [
        TestImages.Encode(40, 30), TestImages.Encode(40, 30, SkiaSharp.SKEncodedImageFormat.Jpeg),
        TestImages.Encode(40, 30, SkiaSharp.SKEncodedImageFormat.Webp), TestImages.Bmp(20, 20, 9)];
    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Dataset_RandomBytes(byte[] bytes) => LoadsOrExplains(bytes);

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public void Dataset_MutatedCsv(int seed) => LoadsOrExplains(Mutated(Csv, seed));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Dataset_MutatedZip(int seed) => LoadsOrExplains(Mutated(Zip, seed));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Dataset_MutatedGzip(int seed)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Csv.AsSpan(0, 20_000));
        LoadsOrExplains(Mutated(memory.ToArray(), seed));
    }

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Votes_RandomBytes(byte[] bytes) => VotesLoadOrExplain(bytes);

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void Votes_MutatedTable(int seed) => VotesLoadOrExplain(Mutated(
        [
            .. "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"u8,
            .. "Training,a.png,1,2,3,4,5,6,7,8,9,10\n"u8,
        ],
        seed));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Image_RandomBytes(byte[] bytes) => DecodesOrExplains(bytes);

    [FsCheck.NUnit.Property(MaxTest = 400)]
    public void Image_MutatedFile(int seed) => DecodesOrExplains(Mutated(Images[(seed & 0xFF) % Images.Length], seed));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Model_RandomBytes(byte[] bytes) => OpensOrExplains(bytes);

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Model_MutatedFile(int seed) => OpensOrExplains(Mutated(TrainedModels.SevenBytes, seed));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Model_MutatedNetwork(int seed)
    {
        // Mutations of the compressed file hardly reach the network, so this test damages the network itself.
        var onnx = Mutated(EmotionModel.Load(new MemoryStream(TrainedModels.SevenBytes)).Onnx.ToArray(), seed);
        try
        {
            EmotionNetwork.Open(onnx, "network").Dispose();
        }
        catch (EmotionModelException)
        {
        }
    }

    private void LoadsOrExplains(byte[] bytes)
    {
        var path = Folder.Write("data", bytes);
        foreach (var skip in new[] { false, true })
        {
            try
            {
                Assert.That(FerDataset.Load(path, new FerLoadOptions { SkipBadRows = skip, MaxBytes = 50_000_000 }).Count, Is.Positive);
            }
            catch (FerDataException e)
            {
                Assert.That(e.Message, Does.Not.Contain('\0'));
            }
        }
    }

    private void VotesLoadOrExplain(byte[] bytes)
    {
        try
        {
            FerPlusReader.Read(Folder.Write("votes", bytes));
        }
        catch (FerDataException)
        {
        }
    }

    private static void DecodesOrExplains(byte[] bytes)
    {
        try
        {
            FaceImageDecoder.Decode(new MemoryStream(bytes), "image", new byte[FaceResampler.PixelCount]);
        }
        catch (FaceImageException)
        {
        }
    }

    private static void OpensOrExplains(byte[] bytes)
    {
        try
        {
            var model = EmotionModel.Load(new MemoryStream(bytes));
            using var predictor = model.CreatePredictor();
            (model.LoadTransformer(new Microsoft.ML.MLContext()) as IDisposable)?.Dispose();
        }
        catch (EmotionModelException)
        {
        }
    }

    /// <summary>The bytes with a few changed, a part removed, or a part duplicated.</summary>
    private static byte[] Mutated(byte[] bytes, int seed)
    {
        var random = new Random(seed);
        var list = new List<byte>(bytes);
        for (var n = random.Next(1, 12); n > 0 && list.Count > 0; n--)
        {
            var at = random.Next(list.Count);
            var length = Math.Min(random.Next(1, 64), list.Count - at);
            switch (random.Next(5))
            {
                case 0: list.RemoveRange(at, length); break;
                case 1: list.InsertRange(at, list.GetRange(at, length)); break;
                case 2: list.RemoveRange(at, list.Count - at); break;
                default: list[at] = (byte)random.Next(256); break;
            }
        }
        return [.. list];
    }

    private static byte[] MakeZip()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (var i = 0; i < 4; i++)
            {
                using var entry = zip.CreateEntry($"train/{EmotionTask.Seven.Labels[i]}/{i}.png").Open();
                entry.Write(TestImages.Encode(48, 48));
            }
        }
        return memory.ToArray();
    }
}
