using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// The faces to train with: <see cref="Pixels"/> uint8 [faces, 2304] and <see cref="Labels"/> int64 [faces], and which of them are
/// trained on and which are kept apart for validation.
/// </summary>
internal sealed class TrainingSet : IDisposable
{
    private TrainingSet(Tensor pixels, long[] labels, long[] training, long[] validation)
    {
        (Pixels, Training, Validation) = (pixels, training, validation);
        Labels = tensor(labels, ScalarType.Int64);
    }

    public Tensor Pixels { get; }
    public Tensor Labels { get; }

    /// <summary>Positions of the faces to train on.</summary>
    public long[] Training { get; }

    /// <summary>Positions of the faces kept apart; empty where there is no validation.</summary>
    public long[] Validation { get; }

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }

    /// <summary>Reads both columns and splits the faces with the labels in proportion.</summary>
    /// <exception cref="TrainingException">The rows don't suit training.</exception>
    public static TrainingSet Read(IDataView data, int classes, EmotionTrainerOptions options)
    {
        var labels = ReadLabels(data, classes, options);
        var held = options.ValidationFraction == 0 ? []
            : Stratification.Draw([.. labels.Select((label, index) => (index, (int)label))], options.ValidationFraction, options.Seed);
        if (options.ValidationFraction > 0 && (held.Length == 0 || held.Length == labels.Length))
            throw new TrainingException($"{labels.Length} faces are too few to keep {options.ValidationFraction:P0} of them for validation; set ValidationFraction to 0 or give more.");
        var isHeld = new bool[labels.Length];
        foreach (var index in held)
            isHeld[index] = true;
        long[] training = [.. Enumerable.Range(0, labels.Length).Where(index => !isHeld[index])];
        return new TrainingSet(ReadPixels(data, labels.Length, options), labels, training, Array.ConvertAll(held, index => (long)index));
    }

    /// <summary>Mean and standard deviation of the grey levels of the faces to train on, from their histogram.</summary>
    public (float Mean, float Deviation) GreyLevels()
    {
        var histogram = new long[256];
        var bytes = Pixels.bytes;
        foreach (var face in Training)
            foreach (var level in bytes.Slice((int)face * FaceResampler.PixelCount, FaceResampler.PixelCount))
                histogram[level]++;
        double total = histogram.Sum();
        var mean = histogram.Select((count, level) => count * (double)level).Sum() / total;
        var variance = histogram.Select((count, level) => count * (level - mean) * (level - mean)).Sum() / total;
        // Faces of one single grey have no spread to divide by.
        return ((float)mean, variance > 1e-6 ? (float)Math.Sqrt(variance) : 1f);
    }

    private static long[] ReadLabels(IDataView data, int classes, EmotionTrainerOptions options)
    {
        var keys = LabelClasses.Read(data, options.LabelColumnName);
        if (keys.Count == 0)
            throw new TrainingException("The data to train on has no rows; does the filter leave any?");
        var missing = keys.Count(key => key == 0 || key > classes);
        return missing == 0 ? [.. keys.Select(key => (long)key - 1)]
            : throw new TrainingException($"{missing:N0} rows have none of the task's labels in column '{options.LabelColumnName}'; leave them out first, as FilterByTask does.");
    }

    private static Tensor ReadPixels(IDataView data, int count, EmotionTrainerOptions options)
    {
        var column = data.Schema[options.FeatureColumnName];
        using var cursor = data.GetRowCursor([column]);
        var getPixels = cursor.GetGetter<VBuffer<float>>(column);
        var pixels = zeros([count, FaceResampler.PixelCount], ScalarType.Byte);
        try
        {
            VBuffer<float> row = default;
            for (var i = 0; i < count; i++)
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                if (!cursor.MoveNext())
                    throw new TrainingException($"The data had {count:N0} rows at the first reading and {i:N0} at the second; give data that stays as it is.");
                getPixels(ref row);
                CopyGreyLevels(row, pixels.bytes.Slice(i * FaceResampler.PixelCount, FaceResampler.PixelCount), options.FeatureColumnName, i);
            }
            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    private static void CopyGreyLevels(in VBuffer<float> row, Span<byte> face, string column, long position)
    {
        var i = 0;
        foreach (var value in row.DenseValues())
        {
            if (value is not (>= 0 and <= 255))
                throw new TrainingException($"Column '{column}', row {position}, pixel {i} is {value}; expected grey levels from 0 to 255, as FacePixels gives (the network normalises them itself).");
            face[i++] = (byte)(value + 0.5f);
        }
    }
}
