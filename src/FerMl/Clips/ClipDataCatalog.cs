using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>Loads clips; extends <c>mlContext.Data</c>.</summary>
public static class ClipDataCatalog
{
    /// <summary>The maximum number of frames per row.</summary>
    public const int MaxFrames = 256;

    /// <summary>Presents clips as rows of <see cref="ClipRow"/>. Frames are read lazily, row by row.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="frames">Number of frames per row, sampled evenly from the clip; 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of frames is outside its range.</exception>
    public static IDataView LoadFromClips(this DataOperationsCatalog catalog, ClipDataset clips, int frames = 16)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(clips);
        return catalog.LoadFromEnumerable(clips.Clips.Select(clip => new ClipRow
        {
            Pixels = [.. clip.ReadFrames(frames).SelectMany(frame => frame, (_, level) => (float)level)],
            Label = clip.Emotion.ToLabel(),
            Usage = clip.Usage.ToString(),
            Id = clip.Name,
        }), SchemaOf(frames));
    }

    /// <summary>The schema of <see cref="ClipRow"/> for a number of frames, which <c>CreatePredictionEngine</c> accepts too.</summary>
    /// <param name="frames">Number of frames, 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of frames is outside its range.</exception>
    public static SchemaDefinition SchemaOf(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, MaxFrames);
        var schema = SchemaDefinition.Create(typeof(ClipRow));
        schema[nameof(ClipRow.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, frames * FaceResampler.PixelCount);
        return schema;
    }
}
