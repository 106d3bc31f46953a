using System.IO.Compression;
using System.Text.Json;

namespace FerMl.Vision;

/// <summary>A detector's metadata.</summary>
/// <param name="Version">The version of FerMl that wrote it.</param>
/// <param name="Seed">The random seed of its training.</param>
/// <param name="Steps">Training steps of its two networks, including those of the file that the training started from.</param>
/// <param name="Faces">Number of training faces.</param>
/// <param name="Backgrounds">Number of training images without faces.</param>
/// <param name="Bias">Subtracted from the sum of both networks' logits, so that a score of 0.5 is rarely a false positive.</param>
internal sealed record DetectorCard(string Version, int Seed, IReadOnlyList<int> Steps, int Faces, int Backgrounds, double Bias);

/// <summary>A detector's two networks.</summary>
/// <param name="Proposals">The network that proposes faces, as ONNX; see <see cref="FaceProposer"/>.</param>
/// <param name="Verification">The network that verifies them, as ONNX, or null until it is trained; see <see cref="FaceVerifier"/>.</param>
internal sealed record DetectorNetworks(byte[] Proposals, byte[]? Verification);

/// <summary>A face detector as a file: a ZIP archive of its networks and a card.</summary>
/// <param name="Trained">The networks as trained, which a training can start from.</param>
/// <param name="Card">The metadata.</param>
/// <param name="Int8">The same networks, quantized to int8, or null for a file without them.</param>
internal sealed record DetectorFile(DetectorNetworks Trained, DetectorCard Card, DetectorNetworks? Int8 = null)
{
    private const string ProposalsEntry = "proposals.onnx", VerificationEntry = "verification.onnx", CardEntry = "card.json";
    private const string Int8Folder = "int8/";
    private const string Shipped = "face-detector.zip";

    // The shipped networks have 2 MB together.
    private const int MaxBytes = 16 << 20, MaxCardBytes = 64 << 10;

    /// <summary>The networks to detect faces with.</summary>
    public DetectorNetworks Inference => Int8 ?? Trained;

    /// <summary>Opens a file, or the detector that ships with FerMl.</summary>
    /// <returns>The detector, and its name for messages.</returns>
    /// <exception cref="VisionException">The file is missing, or isn't a detector.</exception>
    public static (DetectorFile File, string Name) Open(string? path)
    {
        if (path is null)
        {
            using var shipped = typeof(DetectorFile).Assembly.GetManifestResourceStream(Shipped)
                ?? throw new VisionException(
                    "This build of FerMl lacks the face detector; build from a complete checkout (artifacts/models), give your own file, "
                        + "or use a Haar cascade.");
            return (Read(shipped, Shipped), Shipped);
        }
        if (!File.Exists(path))
            throw new VisionException($"{path}: no such file; give one that DetectorTrainer wrote.");
        try
        {
            using var stream = RegularFile.OpenRead(path);
            return (Read(stream, path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new VisionException($"{path}: can't be read ({e.Message}); give a file that DetectorTrainer wrote.", e);
        }
    }

    /// <summary>Writes the file atomically.</summary>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    public void Save(string path, bool overwrite) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        PutNetworks("", Trained);
        if (Int8 is not null)
            PutNetworks(Int8Folder, Int8);
        Put(CardEntry, JsonSerializer.SerializeToUtf8Bytes(Card, FerMlJson.Options));

        void PutNetworks(string folder, DetectorNetworks networks)
        {
            Put(folder + ProposalsEntry, networks.Proposals);
            if (networks.Verification is not null)
                Put(folder + VerificationEntry, networks.Verification);
        }

        void Put(string name, ReadOnlySpan<byte> bytes)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(bytes);
        }
    }, overwrite);

    private static DetectorFile Read(Stream stream, string name)
    {
        try
        {
            using var file = new MemoryStream();
            using (var limited = new LimitedStream(stream, MaxBytes, () => TooLarge("the file")))
                limited.CopyTo(file);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var card = JsonSerializer.Deserialize<DetectorCard>(Entry(zip, CardEntry, MaxCardBytes), FerMlJson.Options);
            if (card is null || card.Steps is null || !double.IsFinite(card.Bias))
                throw new InvalidDataException("its card is incomplete");
            var hasInt8 = zip.Entries.Any(entry => entry.FullName.StartsWith(Int8Folder, StringComparison.Ordinal));
            return new DetectorFile(Networks(zip, ""), card, hasInt8 ? Networks(zip, Int8Folder) : null);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new VisionException(
                $"{name}: not a face detector, or a damaged one: {e.Message.TrimEnd('.')}. Give a file that DetectorTrainer wrote.", e);
        }

        // The int8 folder has the same networks.
        DetectorNetworks Networks(ZipArchive zip, string folder) => new(
            Entry(zip, folder + ProposalsEntry, MaxBytes),
            zip.GetEntry(VerificationEntry) is null ? null : Entry(zip, folder + VerificationEntry, MaxBytes));

        byte[] Entry(ZipArchive zip, string entry, int limit)
        {
            var found = zip.GetEntry(entry) ?? throw new InvalidDataException($"it has no {entry}");
            using var packed = found.Open();
            using var limited = new LimitedStream(packed, limit, () => TooLarge(entry));
            using var bytes = new MemoryStream();
            limited.CopyTo(bytes);
            return bytes.ToArray();
        }

        VisionException TooLarge(string what) =>
            new($"{name}: {what} is larger than {MaxBytes >> 20} MB, the maximum of a face detector.");
    }
}
