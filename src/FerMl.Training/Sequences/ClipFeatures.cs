using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>The features of clips' frames, and the clips' classes.</summary>
/// <param name="Values">[clips * frames * width].</param>
/// <param name="Classes">The class of each clip.</param>
/// <param name="Frames">Number of frames per clip.</param>
internal sealed record ClipFeatures(float[] Values, int[] Classes, int Frames)
{
    /// <summary>Number of features per frame.</summary>
    public int Width => Values.Length / Classes.Length / Frames;

    /// <summary>Reads rows, and extracts the features of their frames on all processors.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="features">Extracts the features of a frame.</param>
    /// <param name="options">The trainer's options.</param>
    /// <exception cref="TrainingException">There are no rows, or too many, or one has no label.</exception>
    /// <exception cref="FerDataException">A clip can't be read.</exception>
    /// <exception cref="OperationCanceledException">Reading was canceled.</exception>
    public static ClipFeatures Read(IDataView data, FrameFeatures features, SequenceTrainerOptions options)
    {
        var column = data.Schema[options.FeatureColumnName];
        var length = ((VectorDataViewType)column.Type).Size;
        var frames = length / FaceResampler.PixelCount;
        var labels = new List<int>();
        var done = 0;
        float[][] all = [];
        try
        {
            // Each processor takes a row when it needs one: frames are too large to buffer.
            all =
            [
                .. Partitioner.Create(Rows(), EnumerablePartitionerOptions.NoBuffering).AsParallel()
                    .WithDegreeOfParallelism(Environment.ProcessorCount).WithCancellation(options.CancellationToken).Select(row =>
                    {
                        var values = features.Of(row.Pixels, frames);
                        options.ClipProgress?.Report(Interlocked.Increment(ref done));
                        return (row.Number, values);
                    }).OrderBy(row => row.Number).Select(row => row.values),
            ];
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(CauseOf(e.Flatten().InnerExceptions[0]));
        }
        if (all.Length == 0)
            throw new TrainingException("The data has no clips.");
        var width = frames * features.Width;
        if ((long)all.Length * width > Array.MaxLength)
            throw new TrainingException(
                $"{all.Length.Counted("clip")} of {frames} frames are more than can be trained on at once; use fewer clips or fewer "
                    + $"frames.");
        var gathered = new float[all.Length * width];
        for (var i = 0; i < all.Length; i++)
            all[i].CopyTo(gathered, i * width);
        return new ClipFeatures(gathered, [.. labels], frames);

        // ML.NET reads rows ahead, and wraps exceptions thrown there.
        static Exception CauseOf(Exception thrown)
        {
            for (var cause = thrown; cause is not null; cause = cause.InnerException)
                if (cause is FerMlException or OperationCanceledException)
                    return cause;
            return thrown;
        }

        IEnumerable<(int Number, float[] Pixels)> Rows()
        {
            var label = data.Schema[options.LabelColumnName];
            using var cursor = data.GetRowCursor([column, label]);
            var (getPixels, getLabel) = (cursor.GetGetter<VBuffer<float>>(column), cursor.GetGetter<uint>(label));
            VBuffer<float> pixels = default;
            uint key = 0;
            while (cursor.MoveNext())
            {
                getLabel(ref key);
                getPixels(ref pixels);
                if (key == 0)
                    throw new TrainingException(
                        $"Row {cursor.Position} has a label outside the key's values; filter the clips by task first.");
                labels.Add((int)key - 1);
                yield return (labels.Count - 1, [.. pixels.DenseValues()]);
            }
        }
    }
}
