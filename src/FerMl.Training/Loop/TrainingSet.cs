using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>The faces of a training with their labels and target probabilities, split into training and validation faces.</summary>
internal sealed class TrainingSet
{
    private readonly byte[] _pixels;
    private readonly float[] _targets;
    private readonly Lazy<int[]> _withoutDuplicates;

    private TrainingSet(
        byte[] pixels, int[] labels, float[] targets, int classes, int[] training, int[] validation) =>
        (_pixels, Labels, _targets, Classes, TargetWidth, Training, Validation, _withoutDuplicates) =
            (pixels, labels, targets, classes, targets.Length / labels.Length, training, validation, new(FindWithoutDuplicates));

    /// <summary>Number of labels.</summary>
    public int Classes { get; }

    /// <summary>Number of labels, plus those of the auxiliary head.</summary>
    public int TargetWidth { get; }

    /// <summary>The class of each face.</summary>
    public int[] Labels { get; }

    /// <summary>Indices of the training faces.</summary>
    public int[] Training { get; }

    /// <summary>Indices of the validation faces; empty without validation.</summary>
    public int[] Validation { get; }

    /// <summary>The 2,304 pixel values of a face.</summary>
    public ReadOnlySpan<byte> PixelsOf(int face) => PixelsOf(_pixels, face);

    /// <summary>The target probabilities of a face, followed by those of the auxiliary head.</summary>
    public ReadOnlySpan<float> TargetsOf(int face) => _targets.AsSpan(face * TargetWidth, TargetWidth);

    /// <summary>Number of training faces of each class.</summary>
    public int[] ClassCounts()
    {
        var counts = new int[Classes];
        foreach (var face in Training)
            counts[Labels[face]]++;
        return counts;
    }

    /// <summary>A key that only pixel-identical faces share: <see cref="DuplicateAudit.KeyOf"/> in hexadecimal.</summary>
    public string KeyOf(int face) => KeyOf(PixelsOf(face));

    /// <inheritdoc cref="KeyOf(int)"/>
    public static string KeyOf(ReadOnlySpan<byte> pixels) => DuplicateAudit.KeyTextOf(pixels);

    /// <summary>The validation faces without duplicates of training faces, on which a network is more confident than on others.</summary>
    public int[] ValidationWithoutDuplicates => _withoutDuplicates.Value;

    /// <summary>Their distinct keys (<see cref="KeyOf(int)"/>): what a training that starts from these weights holds out again.</summary>
    public ImmutableArray<string> ValidationKeys => [.. ValidationWithoutDuplicates.Select(KeyOf).Distinct()];

    /// <summary>
    /// Reads the columns and splits the faces, stratified by label. If an earlier training held out some of these faces, they are held out
    /// again, so that neither training has seen them. Faces labeled by votes without a majority are never held out.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="classNames">The labels.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="heldOutBefore">The faces that an earlier training held out, by <see cref="KeyOf(int)"/>.</param>
    /// <exception cref="TrainingException">The rows aren't suitable for training.</exception>
    public static TrainingSet Read(
        IDataView data, string[] classNames, EmotionTrainerOptions options, IReadOnlySet<string>? heldOutBefore = null)
    {
        var classes = classNames.Length;
        var labels = ReadLabels(data, classes, options);
        var pixels = ReadPixels(data, labels.Length, options);
        var lacksMajority = ReadLacksMajority(data, labels.Length);
        var held = options.ValidationFraction == 0 ? [] : HeldOutBefore();
        if (options.ValidationFraction > 0 && held.Length == 0)
            held = Stratification.Draw(
                [.. labels.Select((label, index) => (index, label)).Where(face => !lacksMajority[face.index])], options.ValidationFraction,
                options.Seed);
        if (options.ValidationFraction > 0 && (held.Length == 0 || held.Length == labels.Length))
            throw new TrainingException(
                $"{labels.Length.Counted("face")}: too few to hold {options.ValidationFraction.Invariant("P0")} of them out for "
                    + $"validation; set ValidationFraction to 0 or give more.");
        var isHeld = new bool[labels.Length];
        foreach (var index in held)
            isHeld[index] = true;
        int[] training = [.. Enumerable.Range(0, labels.Length).Where(index => !isHeld[index])];
        return new TrainingSet(
            pixels, labels,
            SoftTargets.WithAuxiliary(
                SoftTargets.Make(data, pixels, labels, training, classNames, options), data, training, classes, options),
            classes, training, held);

        int[] HeldOutBefore() => heldOutBefore is not { Count: > 0 } ? []
            : [.. Enumerable.Range(0, labels.Length).Where(
                index => !lacksMajority[index] && heldOutBefore.Contains(KeyOf(PixelsOf(pixels, index))))];
    }

    /// <summary>Which faces are labeled by votes without a majority; none if the data doesn't say.</summary>
    private static bool[] ReadLacksMajority(IDataView data, int count)
    {
        var lacks = new bool[count];
        if (data.Schema.GetColumnOrNull(nameof(FaceImage.LacksMajority)) is not { Type: BooleanDataViewType } column)
            return lacks;
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<bool>(column);
        for (var i = 0; i < count && cursor.MoveNext(); i++)
            get(ref lacks[i]);
        return lacks;
    }

    /// <summary>Creates a set that trains on all faces, with the label alone as the target.</summary>
    public static TrainingSet Of(byte[] pixels, int[] labels, int classes)
    {
        var targets = new float[labels.Length * classes];
        for (var i = 0; i < labels.Length; i++)
            targets[i * classes + labels[i]] = 1;
        return new TrainingSet(pixels, labels, targets, classes, [.. Enumerable.Range(0, labels.Length)], []);
    }

    /// <summary>Mean and standard deviation of the training faces' pixel values, from their histogram.</summary>
    public (float Mean, float StandardDeviation) PixelStatistics()
    {
        var histogram = new long[256];
        foreach (var face in Training)
            foreach (var level in PixelsOf(face))
                histogram[level]++;
        double total = histogram.Sum();
        var mean = histogram.Select((count, level) => count * (double)level).Sum() / total;
        var variance = histogram.Select((count, level) => count * (level - mean) * (level - mean)).Sum() / total;
        // Faces of a single gray value have no deviation to divide by.
        return ((float)mean, variance > 1e-6 ? (float)Math.Sqrt(variance) : 1f);
    }

    /// <summary>SHA-256 over pixels and target probabilities, in hexadecimal.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_pixels);
        hash.AppendData(MemoryMarshal.AsBytes<float>(_targets));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private int[] FindWithoutDuplicates()
    {
        var trained = Training.Select(KeyOf).ToHashSet();
        return [.. Validation.Where(face => !trained.Contains(KeyOf(face)))];
    }

    private static ReadOnlySpan<byte> PixelsOf(byte[] pixels, int face) =>
        pixels.AsSpan(face * FaceResampler.PixelCount, FaceResampler.PixelCount);

    private static int[] ReadLabels(IDataView data, int classes, EmotionTrainerOptions options)
    {
        var keys = LabelClasses.Read(data, options.LabelColumnName);
        if (keys.Count == 0)
            throw new TrainingException("The training data has no rows; check its filter.");
        var missing = keys.Count(key => key == 0 || key > classes);
        return missing == 0 ? [.. keys.Select(key => key - 1)]
            : throw new TrainingException(
                $"{missing.Counted("row")} with none of the task's labels in column '{options.LabelColumnName}'; leave them out first, as "
                    + $"FilterByTask does.");
    }

    private static byte[] ReadPixels(IDataView data, int count, EmotionTrainerOptions options)
    {
        var column = data.Schema[options.FeatureColumnName];
        using var cursor = data.GetRowCursor([column]);
        var getPixels = cursor.GetGetter<VBuffer<float>>(column);
        var pixels = new byte[(long)count * FaceResampler.PixelCount];
        VBuffer<float> row = default;
        for (var i = 0; i < count; i++)
        {
            options.Execution.CancellationToken.ThrowIfCancellationRequested();
            if (!cursor.MoveNext())
                throw new TrainingException(
                    $"The data had {count.Counted("row")} at the first reading and {i.Grouped()} at the second; give data that doesn't "
                        + $"change.");
            getPixels(ref row);
            CopyPixels(row, pixels.AsSpan(i * FaceResampler.PixelCount, FaceResampler.PixelCount), options.FeatureColumnName, i);
        }
        return pixels;
    }

    private static void CopyPixels(in VBuffer<float> row, Span<byte> face, string column, long position)
    {
        var i = 0;
        foreach (var value in row.DenseValues())
        {
            if (value is not (>= 0 and <= 255))
                throw new TrainingException(
                    $"Column '{column}', row {position}, pixel {i} is {value.Invariant()}; expected pixel values from 0 to 255, as "
                        + $"FacePixels gives (the network normalizes them itself).");
            face[i++] = (byte)(value + 0.5f);
        }
    }
}
