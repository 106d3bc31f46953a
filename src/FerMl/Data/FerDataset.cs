using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerMl;

/// <summary>
/// Labeled 48x48 gray faces in memory: immutable, validated, with all pixels in one block of bytes. <see cref="Load"/> reads FER2013 in any
/// of its common formats, <see cref="SyntheticFaces"/> draws faces. Filtered data sets share the block.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public sealed partial class FerDataset : IHtmlValue
{
    private readonly byte[] _pixels;
    private readonly int[] _places;
    private readonly Emotion[] _emotions;
    private readonly Usage[] _usages;
    private readonly int[] _rows;
    private readonly string[] _ids;
    private readonly EmotionVotes[]? _votes;
    private readonly Emotion[]? _ownEmotions;
    private readonly ImmutableArray<string>? _customLabels;
    private readonly Lazy<string> _fingerprint;

    /// <param name="source">Name of the faces' source.</param>
    /// <param name="pixels">The pixels of all faces.</param>
    /// <param name="places">Offset of each face in the block, in faces.</param>
    /// <param name="emotions">The labels.</param>
    /// <param name="usages">The usages.</param>
    /// <param name="rows">The CSV row of each face, from 0; -1 for an image file.</param>
    /// <param name="ids">The names.</param>
    /// <param name="votes">FER+ votes, or null.</param>
    /// <param name="problems">The rows or images that were left out.</param>
    /// <param name="remarks">Other remarks on the data.</param>
    /// <param name="annotation">The source of <paramref name="emotions"/>.</param>
    /// <param name="ownEmotions">The data set's own labels; null if there are only votes.</param>
    /// <param name="customLabels">Custom labels, or null; <paramref name="emotions"/> are then indices into them.</param>
    /// <param name="imageSizes">Sizes of the original images, or null.</param>
    internal FerDataset(
        string source, byte[] pixels, int[] places, Emotion[] emotions, Usage[] usages, int[] rows, string[] ids, EmotionVotes[]? votes,
        DataProblems problems, IReadOnlyList<string> remarks, Annotation annotation, Emotion[]? ownEmotions,
        ImmutableArray<string>? customLabels = null, ImageSizes? imageSizes = null)
    {
        (Annotation, _ownEmotions, _customLabels, ImageSizes) = (annotation, ownEmotions, customLabels, imageSizes);
        (Source, _pixels, _places, _emotions, _usages, _rows, _ids, _votes, Problems, Remarks) =
            (source, pixels, places, emotions, usages, rows, ids, votes, problems, remarks);
        _fingerprint = new Lazy<string>(ComputeFingerprint);
    }

    /// <summary>Name of the source file or folder, without its path.</summary>
    public string Source { get; }

    /// <summary>Number of faces.</summary>
    public int Count => _emotions.Length;

    /// <summary>The rows or images that were left out because of <see cref="FerLoadOptions.SkipBadRows"/>.</summary>
    public DataProblems Problems { get; }

    /// <summary>Remarks on the file or folder that aren't problems: files of other kinds, faces whose label is ignored.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>The source of the faces' labels.</summary>
    public Annotation Annotation { get; }

    /// <summary>
    /// The possible labels of faces: FER2013's emotions, or all if a face has another one; or custom labels in alphabetical order.
    /// </summary>
    public IReadOnlyList<string> Labels => _customLabels
        ?? (_emotions.All(EmotionTask.Seven.Contains) ? EmotionTask.Seven.Labels : EmotionNames.All);

    /// <summary>Whether the labels are custom ones instead of emotions (<see cref="FerLoadOptions.CustomLabels"/>).</summary>
    public bool HasCustomLabels => _customLabels is not null;

    /// <summary>Sizes of the source's original images; null if the source is a table.</summary>
    internal ImageSizes? ImageSizes { get; }

    /// <summary>Whether FER+ votes are attached.</summary>
    public bool HasVotes => _votes is not null;

    /// <summary>
    /// SHA-256 over pixels, labels and usages in order, in lower-case hexadecimal: equal for equal data, regardless of the file.
    /// </summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The face at an index, 0 to <see cref="Count"/> - 1.</summary>
    public FaceSample this[int index] => (uint)index < (uint)Count
        ? new FaceSample(this, index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {Count.Counted("face")}.");

    /// <summary>All faces in order.</summary>
    public IEnumerable<FaceSample> Samples => Enumerable.Range(0, Count).Select(index => new FaceSample(this, index));

    /// <summary>
    /// Loads FER2013: <c>fer2013.csv</c> or <c>icml_face_data.csv</c>, plain or inside a .zip or .gz; or image folders
    /// <c>train|validation|test/&lt;emotion&gt;/*.png</c>, plain or inside a .zip. The format is detected from the content. Labels are
    /// emotion names in any common spelling (also <c>0_angry</c>), FER2013's codes 0 to 6, RAF-DB's folders 1 to 7, and those of
    /// <see cref="FerLoadOptions.Labels"/>. FER+ is read from <c>fer2013new.csv</c> (see <see cref="FerLoadOptions.VotesPath"/>) and from
    /// its own folders <c>FER2013Train</c>, <c>FER2013Valid</c> and <c>FER2013Test</c>, each with a <c>label.csv</c>, whose only labels are
    /// votes.
    /// </summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="FerDataException">The data is missing or has another format, or rows or images are invalid.</exception>
    /// <example>
    /// <code>
    /// var faces = FerDataset.Load("data/fer2013.csv", new FerLoadOptions { SkipBadRows = true });
    /// Console.WriteLine(faces.CountOf(Usage.Training, Emotion.Happy));
    /// </code>
    /// </example>
    public static FerDataset Load(string path, FerLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new FerLoadOptions();
        OptionsValidator.Check(options);
        var dataset = FerSource.Read(path, options);
        options.Progress?.Report(1);
        if (options.VotesPath is not null && !dataset.HasVotes)
            dataset = dataset.WithVotes(options.VotesPath);
        return options.Annotation == Annotation.FerPlus ? dataset.LabeledByVotes(options.KeepWithoutMajority) : dataset;
    }

    /// <summary>Creates a data set from faces in memory.</summary>
    /// <param name="source">A name for their source.</param>
    /// <param name="faces">2,304 pixel values, emotion and usage of each face.</param>
    /// <exception cref="ArgumentException">A face has the wrong number of pixels, or there is no face.</exception>
    public static FerDataset Create(string source, IEnumerable<(byte[] Pixels, Emotion Emotion, Usage Usage)> faces)
    {
        ArgumentNullException.ThrowIfNull(faces);
        return Create(source, faces.Select(face => (face.Pixels, face.Emotion.ToLabel(), face.Usage)), hasCustomLabels: false);
    }

    /// <summary>Creates a data set with custom labels from faces in memory.</summary>
    /// <param name="source">A name for their source.</param>
    /// <param name="faces">2,304 pixel values, label and usage of each face.</param>
    /// <exception cref="ArgumentException">A face has the wrong number of pixels, a label is empty, longer than 100 characters or has a
    /// comma, or there is no face.</exception>
    /// <exception cref="FerDataException">There are more than 200 different labels.</exception>
    public static FerDataset CreateLabeled(string source, IEnumerable<(byte[] Pixels, string Label, Usage Usage)> faces)
    {
        ArgumentNullException.ThrowIfNull(faces);
        return Create(source, faces, hasCustomLabels: true);
    }

    private static FerDataset Create(
        string source, IEnumerable<(byte[] Pixels, string Label, Usage Usage)> faces, bool hasCustomLabels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        var builder = new FerDatasetBuilder(source, new FerLoadOptions { MaxImages = 900_000, CustomLabels = hasCustomLabels });
        var row = 0;
        foreach (var (pixels, label, usage) in faces)
        {
            if (pixels.Length != FaceResampler.PixelCount)
                throw new ArgumentException(
                    $"Face {row} has {pixels.Length.Counted("pixel")}; expected {FaceResampler.PixelCount} (48x48).", nameof(faces));
            if (!builder.Labels.TryReadCell(label, out var code) || code is not { } known)
                throw new ArgumentException($"Face {row} has the label '{label}'; a label has 1 to 100 characters, no comma.",
                    nameof(faces));
            pixels.CopyTo(builder.NextPixels());
            builder.Add(known, usage, row, $"{source}{row:D7}");
            row++;
        }
        return row > 0 ? builder.Build() : throw new ArgumentException("A data set needs at least one face; none given.", nameof(faces));
    }

    /// <summary>The faces that satisfy a condition, in order.</summary>
    /// <exception cref="FerDataException">No face satisfies it.</exception>
    public FerDataset Where(Func<FaceSample, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Select(Enumerable.Range(0, Count).Where(index => condition(new FaceSample(this, index))));
    }

    /// <summary>The faces whose label is one of the task's labels.</summary>
    /// <exception cref="FerDataException">No face has one of the labels.</exception>
    public FerDataset FilterByTask(EmotionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Samples.Any(face => task.Contains(face.Label)) ? Where(face => task.Contains(face.Label))
            : throw new FerDataException(
                $"{Source}: no face has one of the task's labels, {string.Join(", ", task.Labels)}; its labels are "
                    + $"{string.Join(", ", Labels)}.");
    }

    /// <summary>The faces at the given indices, in the given order.</summary>
    /// <exception cref="FerDataException">No index is given.</exception>
    public FerDataset Select(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var chosen = indices.ToArray();
        if (chosen.Length == 0)
            throw new FerDataException($"{Source}: no face is left after filtering; it has {Summary()}.");
        return Select(chosen, Array.ConvertAll(chosen, index => _emotions[index]), Annotation, Remarks);
    }

    private FerDataset Select(int[] chosen, Emotion[] emotions, Annotation annotation, IReadOnlyList<string> remarks)
    {
        return new FerDataset(
            Source, _pixels, Pick(_places), emotions, Pick(_usages), Pick(_rows), Pick(_ids), _votes is null ? null : Pick(_votes),
            Problems, remarks, annotation, _ownEmotions is null ? null : Pick(_ownEmotions), _customLabels, ImageSizes);

        T[] Pick<T>(T[] all) => Array.ConvertAll(chosen, index => all[index]);
    }

    /// <summary>The same faces with other usages.</summary>
    internal FerDataset WithUsages(Func<int, Usage> usageOf) => new(
        Source, _pixels, _places, _emotions, [.. Enumerable.Range(0, Count).Select(usageOf)], _rows, _ids, _votes, Problems, Remarks,
        Annotation, _ownEmotions, _customLabels, ImageSizes);

    /// <summary>A stratified random sample of at most <paramref name="count"/> faces of each usage.</summary>
    public FerDataset Limit(int count, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Select(Samples.GroupBy(face => face.Usage)
            .SelectMany(group => group.Count() <= count
                ? group.Select(face => face.Index)
                : Stratification.Draw([.. group.Select(face => (face.Index, face.Code))], (double)count / group.Count(), seed)
                .Take(count))
            .Order());
    }

    /// <summary>Number of faces with a usage and an emotion.</summary>
    /// <exception cref="InvalidOperationException">The data set has custom labels.</exception>
    public int CountOf(Usage usage, Emotion emotion) => HasCustomLabels ? throw new InvalidOperationException(
        $"The labels of {Source} aren't emotions; count a label by its name.") : CountOf(usage, emotion.ToLabel());

    /// <summary>Number of faces with a usage and a label.</summary>
    public int CountOf(Usage usage, string label)
    {
        var code = _customLabels is { } labels ? labels.IndexOf(label) : EmotionNames.All.IndexOf(label);
        var count = 0;
        for (var i = 0; i < Count; i++)
            if (_usages[i] == usage && CodeOf(i) == code)
                count++;
        return count;
    }

    internal ReadOnlySpan<byte> PixelsOf(int index) => _pixels.AsSpan(_places[index] * FaceResampler.PixelCount, FaceResampler.PixelCount);
    internal Emotion EmotionOf(int index) => !HasCustomLabels ? _emotions[index] : throw new InvalidOperationException(
        $"The labels of {Source} aren't emotions; use FaceSample.Label.");

    internal int CodeOf(int index) => (int)_emotions[index];
    internal string LabelOf(int index) => _customLabels is { } labels ? labels[CodeOf(index)] : _emotions[index].ToLabel();
    internal Usage UsageOf(int index) => _usages[index];
    internal string IdOf(int index) => _ids[index];
    internal Emotion? OwnEmotionOf(int index) => _ownEmotions?[index];
    internal EmotionVotes? VotesOf(int index) => _votes?[index];

    private string Summary() =>
        string.Join(", ", _usages.GroupBy(usage => usage).OrderBy(group => group.Key)
            .Select(group => $"{group.Count().Grouped()} {group.Key} faces"));

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < Count; i++)
            hash.AppendData(PixelsOf(i));
        hash.AppendData(Array.ConvertAll(_emotions, emotion => (byte)emotion));
        hash.AppendData(Array.ConvertAll(_usages, usage => (byte)usage));
        if (_customLabels is { } labels)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', labels)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Formats the number of faces per label and usage as HTML for notebooks.</summary>
    public string ToHtml()
    {
        var usages = Enum.GetValues<Usage>();
        return HtmlTable.Of(
            FormattableString.Invariant($"{Source}: {Count.Counted("face")}"), ["label", .. usages.Select(usage => usage.ToString())],
            Labels.Select(label => (string[])[
                label, .. usages.Select(usage => CountOf(usage, label).ToString("N0", CultureInfo.InvariantCulture))]));
    }
}
