using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>The features of the frames of clips, and the clips' classes.</summary>
/// <param name="Values">[clips * frames * width].</param>
/// <param name="Classes">The class of each clip.</param>
/// <param name="Frames">Frames of a clip.</param>
internal sealed record ClipFeatures(float[] Values, int[] Classes, int Frames)
{
    /// <summary>Features of a frame.</summary>
    public int Width => Values.Length / Classes.Length / Frames;

    /// <summary>Reads rows, and looks at their frames on all processors.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="features">What looks at a frame.</param>
    /// <param name="options">The trainer's options.</param>
    /// <exception cref="TrainingException">There is no row, or one without a label.</exception>
    public static ClipFeatures Read(IDataView data, FrameFeatures features, SequenceTrainerOptions options)
    {
        var column = data.Schema[options.FeatureColumnName];
        var length = ((VectorDataViewType)column.Type).Size;
        var frames = length / FaceResampler.PixelCount;
        var labels = new List<int>();
        var done = 0;
        float[][] all =
        [
            .. Rows().AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount)
                .WithCancellation(options.CancellationToken).Select(pixels =>
                {
                    var values = features.Of(pixels, frames);
                    options.ClipProgress?.Report(Interlocked.Increment(ref done));
                    return values;
                }),
        ];
        return all.Length == 0 ? throw new TrainingException("The data has no clips.")
            : new ClipFeatures([.. all.SelectMany(values => values)], [.. labels], frames);

        IEnumerable<float[]> Rows()
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
                        $"Row {cursor.Position} has a label that is none of the key's; filter the clips by task first.");
                labels.Add((int)key - 1);
                yield return [.. pixels.DenseValues()];
            }
        }
    }
}
