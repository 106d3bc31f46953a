using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>Creates model files: adds the conversion of images to pixels before a scoring transform, and label names after it.</summary>
internal static class ModelFile
{
    /// <summary>Creates the scoring transform of a network.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="featureColumnName">The column with the pixel values.</param>
    public static ITransformer Scoring(
        byte[] onnx, IReadOnlyList<string> labels, string featureColumnName = nameof(FacePixelsMapping.Output.Pixels))
    {
        var mlContext = new MLContext();
        var faces = mlContext.Data.LoadFromEnumerable(Array.Empty<FaceImage>());
        var pixels = mlContext.Transforms.FacePixels(featureColumnName).Fit(faces).Transform(faces);
        return mlContext.Transforms.ScoreEmotions(onnx, labels, featureColumnName).Fit(pixels);
    }

    /// <summary>Creates the scoring transform of a clip network.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="featureColumnName">The column with the pixel values of all frames.</param>
    /// <param name="frames">Number of frames per clip.</param>
    public static ITransformer ClipScoring(byte[] onnx, IReadOnlyList<string> labels, string featureColumnName, int frames)
    {
        var mlContext = new MLContext();
        IDataView clips = Clips(mlContext, frames);
        if (featureColumnName != nameof(ClipRow.Pixels))
            clips = mlContext.Transforms.CopyColumns(featureColumnName, nameof(ClipRow.Pixels)).Fit(clips).Transform(clips);
        return mlContext.Transforms.ScoreEmotions(onnx, labels, featureColumnName).Fit(clips);
    }

    /// <summary>Saves a clip network.</summary>
    /// <param name="scoring">From the column <c>Pixels</c> to <c>Score</c> and the key <c>PredictedLabel</c>.</param>
    /// <param name="card">The model's card.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <param name="frames">Number of frames per clip.</param>
    public static void SaveClipModel(ITransformer scoring, ModelCard card, string path, bool overwrite, int frames)
    {
        var mlContext = new MLContext();
        var clips = Clips(mlContext, frames);
        var names = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(clips));
        EmotionModel.Save(mlContext, new TransformerChain<ITransformer>(scoring, names), clips.Schema, card, path, overwrite);
    }

    private static IDataView Clips(MLContext mlContext, int frames) =>
        mlContext.Data.LoadFromEnumerable(Array.Empty<ClipRow>(), ClipDataCatalog.SchemaOf(frames));

    /// <param name="scoring">From the column <c>Pixels</c> to <c>Score</c> and the key <c>PredictedLabel</c>.</param>
    /// <param name="card">The model's card.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="overwrite">Whether to replace an existing file.</param>
    /// <param name="trained">The network as trained, if <paramref name="scoring"/> contains another one.</param>
    public static void Save(
        ITransformer scoring, ModelCard card, string path, bool overwrite, ReadOnlyMemory<byte> trained = default)
    {
        var mlContext = new MLContext();
        // The input has no label column to fill: a model requires nothing but an image.
        var faces = mlContext.Data.LoadFromEnumerable(Array.Empty<FaceImage>());
        var pixels = mlContext.Transforms.FacePixels().Fit(faces);
        var names = mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scoring.Transform(pixels.Transform(faces)));
        EmotionModel.Save(
            mlContext, new TransformerChain<ITransformer>(pixels, scoring, names), faces.Schema, card, path, overwrite, trained);
    }
}
