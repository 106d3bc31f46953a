using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.ML;

namespace FerMl;

/// <summary>
/// A saved model: a standard ML.NET model file that contains its network as ONNX and, as an extra zip entry, its card. Any .NET program
/// that references FerMl can open it with <c>mlContext.Model.Load</c> and a <c>PredictionEngine</c>; <see cref="CreatePredictor"/> is
/// simpler.
/// </summary>
public sealed class EmotionModel
{
    /// <summary>Name of the card's zip entry in the file.</summary>
    public const string CardEntry = "FerMl/card.json";

    private const string HeldOutEntry = "FerMl/held-out.txt";
    private const string TrainedEntry = "FerMl/trained.onnx";
    private const string FormerHeldOutEntry = "FerMl/kept-apart.txt";
    private const int MaxNetworkBytes = 512 << 20;
    // Zip bomb protection: weights hardly compress, so an entry may only unpack to the larger of 16 MB and four times the file.
    private const int AlwaysUnpacked = 16 << 20, MaxUnpacked = 4;
    private const int MaxCardBytes = 1 << 20;
    private const int MaxHeldOutBytes = 64 << 20;
    // The lengths that a file claims aren't trusted: at most this is allocated in advance.
    private const int MaxAtOnce = 32 << 20;
    private const string NetworkEntry = "OnnxModel";

    private readonly byte[] _file;
    private readonly byte[] _onnx;
    private readonly Lazy<byte[]> _trained;

    private EmotionModel(string name, byte[] file, byte[] onnx, EmotionNetwork network, ModelCard? card)
    {
        (Name, _file, _onnx, Labels, IsClipModel, Card) = (name, file, onnx, network.Labels, network.IsClipModel, card);
        _trained = new Lazy<byte[]>(ReadTrained);
    }

    /// <summary>Name of the file, without its folder.</summary>
    public string Name { get; }

    /// <summary>The labels in the order of the scores.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Whether it classifies clips (<see cref="ClipPredictor"/>) instead of single faces.</summary>
    public bool IsClipModel { get; }

    /// <summary>The card; null if the file has none.</summary>
    public ModelCard? Card { get; }

    /// <summary>
    /// The network as an ONNX file: <c>Pixels</c> [batch, 1, 48, 48], pixel values 0..255, to <c>Score</c> [batch, labels]. The input of a
    /// clip model is [batch, frames, 48, 48].
    /// </summary>
    public ReadOnlyMemory<byte> Onnx => _onnx;

    /// <summary>
    /// The trained network in float32 or float16, if the file also contains its int8 version (<see cref="ModelCard.Quantization"/>);
    /// otherwise <see cref="Onnx"/>. Training that is initialized from a model starts from this network.
    /// </summary>
    /// <exception cref="EmotionModelException">The network is damaged, or isn't a FerMl network with the same labels.</exception>
    public ReadOnlyMemory<byte> TrainedOnnx => _trained.Value;

    /// <summary>Whether the file contains the trained network in addition to the one for inference.</summary>
    internal bool HasTrained => !ReferenceEquals(_trained.Value, _onnx);

    /// <summary>The card, or a minimal one if the file has none.</summary>
    internal ModelCard CardOrDefault => Card ?? new ModelCard { Task = string.Join(',', Labels), Labels = Labels, Network = Name };

    /// <summary>Rejects clip models where a single-face model is required.</summary>
    /// <exception cref="EmotionModelException">It is a clip model.</exception>
    internal void RequireSingleFaces()
    {
        if (IsClipModel)
            throw new EmotionModelException($"{Name} classifies clips; expected a model of single faces.");
    }

    /// <summary>Opens a model file.</summary>
    /// <exception cref="EmotionModelException">The file is missing, isn't a FerMl model, or is damaged.</exception>
    /// <example>
    /// <code>
    /// var model = EmotionModel.Load("artifacts/runs/first/model.zip");
    /// Console.WriteLine($"{model.Card?.Network}: {string.Join(", ", model.Labels)}");
    /// </code>
    /// </example>
    public static EmotionModel Load(string path) => Closed(Open(path));

    /// <summary>Opens a model file together with its network, which the caller owns.</summary>
    internal static (EmotionModel Model, EmotionNetwork Network) Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new EmotionModelException($"{Path.GetFullPath(path)}: no such model file; train one with TrainingRun.");
        try
        {
            using var stream = RegularFile.OpenRead(path);
            return Open(stream, Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmotionModelException($"{path}: can't be read: {e.Message}", e);
        }
    }

    /// <summary>Opens a pretrained model by its name, or a model file by its path. An existing file takes precedence.</summary>
    /// <param name="nameOrPath">A name or path, such as <c>ferplus</c> or <c>artifacts/runs/first/model.zip</c>.</param>
    /// <exception cref="EmotionModelException">There is no such model, or it isn't a FerMl model, or is damaged.</exception>
    public static EmotionModel Find(string nameOrPath) => Closed(OpenNamed(nameOrPath));

    /// <inheritdoc cref="Find"/>
    internal static (EmotionModel Model, EmotionNetwork Network) OpenNamed(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        return File.Exists(nameOrPath) ? Open(nameOrPath) : PretrainedModels.Open(nameOrPath) ?? throw new EmotionModelException(
            $"{nameOrPath}: no such model file, and no pretrained model; there are {string.Join(", ", PretrainedModels.Names)}.");
    }

    /// <summary>Opens a pretrained model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model.</exception>
    /// <exception cref="EmotionModelException">FerMl was built without it.</exception>
    public static EmotionModel LoadPretrained(PretrainedModel model = PretrainedModel.FerPlus) => Closed(Open(model));

    /// <inheritdoc cref="Open(string)"/>
    internal static (EmotionModel Model, EmotionNetwork Network) Open(PretrainedModel model)
    {
        using var stream = PretrainedModels.Open(model);
        return Open(stream, PretrainedModels.NameOf(model));
    }

    /// <summary>Reads a model from a stream, from its current position to its end.</summary>
    /// <param name="stream">The content of a model file.</param>
    /// <param name="name">The model's name in error messages.</param>
    /// <exception cref="EmotionModelException">It isn't a FerMl model, or is damaged.</exception>
    public static EmotionModel Load(Stream stream, string name = "model")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Closed(Open(stream, name));
    }

    private static EmotionModel Closed((EmotionModel Model, EmotionNetwork Network) opened)
    {
        opened.Network.Dispose();
        return opened.Model;
    }

    internal static (EmotionModel Model, EmotionNetwork Network) Open(Stream stream, string name)
    {
        try
        {
            var file = ReadAll(
                stream, MaxNetworkBytes, $"{name}: the file", stream.CanSeek ? stream.Length - stream.Position : 0);
            using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
            var networks = zip.Entries.Where(entry => entry.Name == NetworkEntry).ToArray();
            if (networks.Length != 1)
                throw new EmotionModelException(
                    $"{name}: an ML.NET model file with {networks.Length} ONNX networks; a FerMl model has one.");
            // ML.NET writes the length as four bytes in front of the network.
            var entry = ReadEntry(networks[0], MaxBytesOf(file), $"{name}: the network");
            if (entry.Length < 4 || BitConverter.ToInt32(entry) != entry.Length - 4)
                throw new EmotionModelException($"{name}: the network in it is cut short; fetch or save the model again.");
            var onnx = entry[4..];
            var card = zip.GetEntry(CardEntry) is { } found ? ModelCard.FromJson(ReadEntry(found, MaxCardBytes, $"{name}: the card"))
                : null;
            if (card is not null && (zip.GetEntry(HeldOutEntry) ?? zip.GetEntry(FormerHeldOutEntry)) is { } heldOut)
                card = card with
                {
                    HeldOut = Encoding.ASCII.GetString(ReadEntry(heldOut, MaxHeldOutBytes, $"{name}: the list of held-out faces"))
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries),
                };
            var network = EmotionNetwork.Open(onnx, name);
            if (card is null || card.Labels.SequenceEqual(network.Labels))
                return (new EmotionModel(name, file, onnx, network, card), network);
            network.Dispose();
            throw new EmotionModelException(
                $"{name}: the card and the network in it have different labels; fetch or save the model again.");
        }
        // A truncated stream also throws an IOException.
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException or NotSupportedException)
        {
            throw new EmotionModelException($"{name}: not a FerMl model, or a damaged one: {e.Message}", e);
        }
    }

    /// <summary>Atomically saves a fitted pipeline as a model file with a card.</summary>
    /// <param name="mlContext">The ML.NET context.</param>
    /// <param name="pipeline">A fitted pipeline with one emotion trainer.</param>
    /// <param name="inputSchema">The schema of the pipeline's input.</param>
    /// <param name="card">The card, or null for none.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or it can't be written.</exception>
    public static void Save(
        MLContext mlContext, ITransformer pipeline, DataViewSchema inputSchema, ModelCard? card, string path, bool overwrite = false) =>
        Save(mlContext, pipeline, inputSchema, card, path, overwrite, default);

    /// <summary>Atomically saves a fitted pipeline whose network is int8 as a model file, with a card and the trained network.</summary>
    /// <param name="mlContext">The ML.NET context.</param>
    /// <param name="pipeline">A fitted pipeline with one emotion trainer.</param>
    /// <param name="inputSchema">The schema of the pipeline's input.</param>
    /// <param name="card">The card, or null for none.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="trainedOnnx">The trained network for <see cref="TrainedOnnx"/>, or empty.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or it can't be written.</exception>
    public static void Save(
        MLContext mlContext, ITransformer pipeline, DataViewSchema inputSchema, ModelCard? card, string path, bool overwrite,
        ReadOnlyMemory<byte> trainedOnnx)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(inputSchema);
        AtomicFile.Write(path, stream =>
        {
            mlContext.Model.Save(pipeline, inputSchema, stream);
            if (card is null && trainedOnnx.IsEmpty)
                return;
            using var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true);
            if (card is not null)
                Write(CardEntry, Encoding.UTF8.GetBytes(card.ToJson()));
            if (card?.HeldOut is { Count: > 0 } heldOut)
                Write(HeldOutEntry, Encoding.UTF8.GetBytes(string.Join('\n', heldOut)));
            if (!trainedOnnx.IsEmpty)
                Write(TrainedEntry, trainedOnnx.Span);

            void Write(string name, ReadOnlySpan<byte> content)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }, overwrite);
    }

    /// <summary>Creates a predictor, which the caller disposes. It doesn't depend on this object.</summary>
    public EmotionPredictor CreatePredictor() => new(EmotionNetwork.Open(_onnx, Name, isTried: true));

    /// <summary>Loads the complete ML.NET pipeline, for <c>Transform</c> and <c>CreatePredictionEngine</c>.</summary>
    /// <exception cref="EmotionModelException">ML.NET can't load it.</exception>
    public ITransformer LoadTransformer(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        try
        {
            return mlContext.Model.Load(new MemoryStream(_file), out _);
        }
        // ML.NET has no exception type for damaged files: the type depends on which byte is wrong.
        catch (Exception e) when (e is not (OutOfMemoryException or StackOverflowException))
        {
            throw new EmotionModelException($"{Name}: ML.NET can't load the pipeline in it: {e.Message}", e);
        }
    }

    private byte[] ReadTrained()
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(_file), ZipArchiveMode.Read);
            if (zip.GetEntry(TrainedEntry) is not { } entry)
                return _onnx;
            var trained = ReadEntry(entry, MaxBytesOf(_file), $"{Name}: the original float32 network");
            // It is as untrusted as the network for inference, so it gets the same checks.
            using var network = EmotionNetwork.Open(trained, $"{Name}, original float32 network");
            return !network.IsClipModel && network.Labels.SequenceEqual(Labels) ? trained : throw new EmotionModelException(
                $"{Name}: the original float32 network has other labels than the one that runs; fetch or save the model again.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new EmotionModelException($"{Name}: the original float32 network is damaged: {e.Message}", e);
        }
    }

    /// <summary>The maximum number of bytes of a network in a file.</summary>
    private static int MaxBytesOf(byte[] file) => Math.Max(AlwaysUnpacked, (int)Math.Min(MaxNetworkBytes, (long)file.Length * MaxUnpacked));

    private static byte[] ReadEntry(ZipArchiveEntry entry, int limit, string what)
    {
        using var stream = entry.Open();
        return ReadAll(stream, limit, what, entry.Length);
    }

    /// <param name="stream">The stream to read.</param>
    /// <param name="limit">The maximum number of bytes.</param>
    /// <param name="what">The content's name in error messages.</param>
    /// <param name="expected">The claimed number of bytes, used as initial capacity.</param>
    private static byte[] ReadAll(Stream stream, int limit, string what, long expected)
    {
        using var source = new LimitedStream(
            stream, limit, () => new EmotionModelException($"{what} is larger than the {limit >> 20} MB that are accepted."));
        using var bytes = new MemoryStream((int)Math.Clamp(expected, 0, Math.Min(limit, MaxAtOnce)));
        source.CopyTo(bytes);
        return bytes.TryGetBuffer(out var all) && all.Count == all.Array!.Length ? all.Array : bytes.ToArray();
    }
}
