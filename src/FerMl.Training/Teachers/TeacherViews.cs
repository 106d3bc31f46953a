using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace FerMl.Training;

/// <summary>
/// What teachers say of several changed views of each face. A student that sees a face changed in just these ways learns more from them
/// than from scores of the faces as they are ("consistent teaching": Beyer et al., "Knowledge distillation: A good teacher is patient and
/// consistent", 2022). They are computed once, and serve any number of students: six megabytes for FER2013 in eight views.
/// </summary>
public sealed class TeacherViews
{
    private const int MaxFaces = 4_000_000, MaxViews = 64, MaxLabels = 1_000, MaxHeaderBytes = 1 << 20;
    private const string HeaderEntry = "views.json", FacesEntry = "faces.bin", ScoresEntry = "scores.bin";

    private readonly UInt128[] _faces;
    private readonly Half[] _scores;
    private readonly Header _header;

    private TeacherViews(string name, Header header, UInt128[] faces, Half[] scores) =>
        (Name, _header, _faces, _scores) = (name, header, faces, scores);

    /// <summary>The file's name, or what it was made of.</summary>
    public string Name { get; }

    /// <summary>The teachers.</summary>
    public IReadOnlyList<string> Teachers => _header.Teachers;

    /// <summary>The labels that are scored.</summary>
    public IReadOnlyList<string> Labels => _header.Labels;

    /// <summary>Number of faces; those that are alike pixel for pixel are one.</summary>
    public int FaceCount => _faces.Length;

    /// <summary>Views of each face.</summary>
    public int ViewCount => _header.Views;

    /// <summary>Seed of the changes.</summary>
    public int Seed => _header.Seed;

    /// <summary>Width and height of the crops that students see, in pixels.</summary>
    public int CropSize => _header.CropSize;

    /// <summary>How the faces were changed.</summary>
    public AugmentationOptions Augmentation => _header.Augmentation;

    /// <summary>Has teachers score changed views of faces.</summary>
    /// <param name="faces">The faces that students are trained on.</param>
    /// <param name="teachers">One model or more with the same labels, ensembles too; their mean is kept.</param>
    /// <param name="options">How faces are changed.</param>
    /// <exception cref="ArgumentException">There are no faces or teachers, or the teachers' labels differ.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TeacherViews Score(FerDataset faces, IReadOnlyList<EmotionModel> teachers, TeacherViewsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(teachers);
        options ??= new TeacherViewsOptions();
        OptionsValidator.Check(options);
        if (faces.Count == 0)
            throw new ArgumentException("There are no faces to score.", nameof(faces));
        if (teachers.Count == 0)
            throw new ArgumentException("There is no teacher to score them.", nameof(teachers));
        var labels = teachers[0].Labels;
        if (teachers.FirstOrDefault(teacher => !teacher.Labels.SequenceEqual(labels)) is { } other)
            throw new ArgumentException(
                $"{other.Name} scores {string.Join(", ", other.Labels)}, but {teachers[0].Name} scores {string.Join(", ", labels)}; "
                    + $"teachers that score together have the same labels in the same order.", nameof(teachers));
        var kept = faces.Samples.DistinctBy(face => DuplicateAudit.KeyOf(face.Pixels)).OrderBy(face => DuplicateAudit.KeyOf(face.Pixels))
            .ToArray();
        var scores = new Half[(long)kept.Length * options.Views * labels.Count];
        var augmenter = DataLoader.Augmenter(options.Augmentation, options.CropSize, options.Seed);
        using var predictors = new Predictors(teachers);
        for (var view = 0; view < options.Views; view++)
        {
            var images = kept.AsParallel().AsOrdered().Select(face => Render(augmenter, face, view)).ToArray();
            foreach (var predictor in predictors.All)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                var predictions = predictor.Predict(images);
                for (var face = 0; face < kept.Length; face++)
                    for (var c = 0; c < labels.Count; c++)
                        scores[(face * options.Views + view) * labels.Count + c] +=
                            (Half)(predictions[face].Scores[c].Score / teachers.Count);
            }
            options.Progress?.Report(view + 1);
        }
        var header = new Header(
            [.. teachers.Select(teacher => teacher.Name)], [.. labels], options.Views, options.Seed, options.CropSize,
            options.Augmentation);
        return new TeacherViews(
            $"views of {string.Join(", ", header.Teachers)}", header, [.. kept.Select(face => DuplicateAudit.KeyOf(face.Pixels))], scores);
    }

    /// <summary>Opens a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TrainingException">It holds no teachers' views, or they are damaged.</exception>
    public static TeacherViews Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such file; make one with TeacherViews.Score.", path);
        try
        {
            using var file = RegularFile.OpenRead(path);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var header = JsonSerializer.Deserialize<Header>(Read(zip, HeaderEntry, MaxHeaderBytes), FerMlJson.Options);
            if (header is not
                {
                    Teachers.Length: > 0,
                    Labels.Length: > 0 and <= MaxLabels,
                    Views: > 0 and <= MaxViews,
                    Augmentation: not null,
                }
                || header.Labels.Any(string.IsNullOrEmpty) || header.Teachers.Any(string.IsNullOrEmpty))
                throw new InvalidDataException("its description is not complete");
            var faces = MemoryMarshal.Cast<byte, UInt128>(Read(zip, FacesEntry, MaxFaces * 16)).ToArray();
            var expected = (long)faces.Length * header.Views * header.Labels.Length * 2;
            if (faces.Length == 0 || expected > Array.MaxLength)
                throw new InvalidDataException($"it has {faces.Length.Counted("face")}");
            var scores = Read(zip, ScoresEntry, (int)expected);
            if (scores.Length != expected)
                throw new InvalidDataException($"it has {scores.Length.Counted("byte")} of scores instead of {expected.Grouped()}");
            var views = new TeacherViews(Path.GetFileName(path), header, faces, MemoryMarshal.Cast<byte, Half>(scores).ToArray());
            return !Array.Exists(views._scores, score => !Half.IsFinite(score) || score < Half.Zero) ? views
                : throw new InvalidDataException("some of its scores are no probabilities");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new TrainingException(
                $"{path}: no views of teachers can be read from it: {e.Message}. Make them with TeacherViews.Score.", e);
        }
    }

    /// <summary>Writes them to a file.</summary>
    /// <param name="path">The file, for example <c>views.zip</c>.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written.</exception>
    public void Save(string path, bool overwrite = false) => AtomicFile.Write(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Put(HeaderEntry, JsonSerializer.SerializeToUtf8Bytes(_header, FerMlJson.Options));
        Put(FacesEntry, MemoryMarshal.AsBytes<UInt128>(_faces));
        Put(ScoresEntry, MemoryMarshal.AsBytes<Half>(_scores));

        void Put(string name, ReadOnlySpan<byte> bytes)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(bytes);
        }
    }, overwrite);

    /// <summary>The row of a face, or less than 0.</summary>
    internal int RowOf(UInt128 face) => Array.BinarySearch(_faces, face);

    /// <summary>The scores of a face's view.</summary>
    internal ReadOnlySpan<Half> ScoresOf(int row, int view) => _scores.AsSpan((row * ViewCount + view) * Labels.Count, Labels.Count);

    /// <summary>SHA-256 of all that students learn from.</summary>
    internal byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(_header, FerMlJson.Line));
        hash.AppendData(MemoryMarshal.AsBytes<UInt128>(_faces));
        hash.AppendData(MemoryMarshal.AsBytes<Half>(_scores));
        return hash.GetHashAndReset();
    }

    private static GrayImage Render(FaceAugmenter augmenter, FaceSample face, int view)
    {
        var levels = new float[FaceResampler.PixelCount];
        augmenter.RenderView(face.Pixels, view, levels);
        return new GrayImage(Array.ConvertAll(levels, level => (byte)(level + 0.5f)), FaceResampler.Side, FaceResampler.Side);
    }

    private static byte[] Read(ZipArchive zip, string name, int limit)
    {
        var entry = zip.GetEntry(name) ?? throw new InvalidDataException($"it has no {name}");
        if (entry.Length > limit)
            throw new InvalidDataException($"{name} is too long");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Header(
        string[] Teachers, string[] Labels, int Views, int Seed, int CropSize, AugmentationOptions Augmentation);

    private sealed class Predictors(IReadOnlyList<EmotionModel> models) : IDisposable
    {
        public EmotionPredictor[] All { get; } = [.. models.Select(model => model.CreatePredictor())];

        public void Dispose()
        {
            foreach (var predictor in All)
                predictor.Dispose();
        }
    }
}
