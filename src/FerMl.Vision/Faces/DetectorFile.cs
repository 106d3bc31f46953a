using System.IO.Compression;
using System.Text.Json;

namespace FerMl.Vision;

/// <summary>What a detector's file says of itself.</summary>
/// <param name="Version">The FerMl that wrote it.</param>
/// <param name="Seed">What the random numbers of its training began with.</param>
/// <param name="Steps">Steps in which its two networks were trained, those of the file that a training began with included.</param>
/// <param name="Faces">Faces it was trained on.</param>
/// <param name="Backgrounds">Images without faces it was trained on.</param>
/// <param name="Bias">What is taken from the sum of both networks' logits, so that a score of 0.5 is rarely wrong.</param>
internal sealed record DetectorCard(string Version, int Seed, IReadOnlyList<int> Steps, int Faces, int Backgrounds, double Bias);

/// <summary>A face detector as a file: a ZIP archive of its two networks and a card.</summary>
/// <param name="Proposals">The network that proposes faces, as ONNX; see <see cref="FaceProposer"/>.</param>
/// <param name="Verification">The network that verifies them, as ONNX, or null while that is still to be trained; see
/// <see cref="FaceVerifier"/>.</param>
/// <param name="Card">What is to be said of them.</param>
internal sealed record DetectorFile(byte[] Proposals, byte[]? Verification, DetectorCard Card)
{
    private const string ProposalsEntry = "proposals.onnx", VerificationEntry = "verification.onnx", CardEntry = "card.json";
    private const string Shipped = "face-detector.zip";

    // The networks that ship have 1 MB together.
    private const int MaxBytes = 16 << 20, MaxCardBytes = 64 << 10;

    /// <summary>Opens a file, or the detector that comes with FerMl.</summary>
    /// <returns>The detector, and what to call it in messages.</returns>
    /// <exception cref="VisionException">It is missing, or no detector.</exception>
    public static (DetectorFile File, string Name) Open(string? path)
    {
        if (path is null)
        {
            using var shipped = typeof(DetectorFile).Assembly.GetManifestResourceStream(Shipped)
                ?? throw new VisionException(
                    "The face detector was not there when this FerMl was built; build it from a complete checkout (artifacts/models), "
                        + "name a "
                        + "file of your own, or use a Haar cascade.");
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

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It is there and may not be replaced, or can't be written.</exception>
    public void Save(string path, bool overwrite) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Put(ProposalsEntry, Proposals);
        if (Verification is not null)
            Put(VerificationEntry, Verification);
        Put(CardEntry, JsonSerializer.SerializeToUtf8Bytes(Card, FerMlJson.Options));

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
                throw new InvalidDataException("its card is not complete");
            return new DetectorFile(
                Entry(zip, ProposalsEntry, MaxBytes),
                zip.GetEntry(VerificationEntry) is null ? null : Entry(zip, VerificationEntry, MaxBytes), card);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new VisionException(
                $"{name}: no face detector, or a damaged one: {e.Message.TrimEnd('.')}. Give a file that DetectorTrainer wrote.", e);
        }

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
            new($"{name}: {what} is larger than the {MaxBytes >> 20} MB that are accepted of a face detector.");
    }
}
