using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>The transforms of an emotion pipeline; extends <c>mlContext.Transforms</c>.</summary>
public static class FaceTransformsCatalog
{
    private const string Image = nameof(FacePixelsMapping.Input.Image);
    private const string Pixels = nameof(FacePixelsMapping.Output.Pixels);

    /// <summary>
    /// Converts an image column to 2,304 pixel values 0..255 in row-major order: gray by luma, resampled to 48x48 by
    /// <see cref="FaceResampler"/>. Images can have any size, as <c>LoadImages</c> reads them; <c>ResizeImages</c> isn't needed. Saved
    /// models contain this transform. Loaded by ML.NET, they accept images as they are, or resized to squares of up to 512 pixels.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column: a vector of 2,304 float32 values.</param>
    /// <param name="inputColumnName">The column with the images.</param>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext();
    /// var files = mlContext.Data.LoadFromEnumerable(new[] { new { Path = "face.png" } });
    /// var pipeline = mlContext.Transforms.LoadImages("Image", ".", "Path").Append(mlContext.Transforms.FacePixels());
    /// var pixels = pipeline.Fit(files).Transform(files);
    /// </code>
    /// </example>
    public static IEstimator<ITransformer> FacePixels(
        this TransformsCatalog catalog, string outputColumnName = Pixels, string inputColumnName = Image)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        // The contract fixes a custom mapping's column names; other columns are copied to and from these.
        IEstimator<ITransformer> mapping = new FacePixelsEstimator(catalog);
        if (inputColumnName != Image)
            mapping = new EstimatorChain<ITransformer>().Append(catalog.CopyColumns(Image, inputColumnName)).Append(mapping);
        return outputColumnName == Pixels ? mapping : new EstimatorChain<ITransformer>().Append(mapping)
            .Append(catalog.CopyColumns(outputColumnName, Pixels));
    }

    /// <summary>
    /// Converts faces to embeddings, the input of a trained model's classifier layer, as features for any ML.NET trainer. The network runs
    /// in ONNX Runtime; libtorch isn't needed. ML.NET reruns the network at each pass over the rows: add <c>AppendCacheCheckpoint</c> for
    /// trainers with several passes.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The name of a pretrained model, or the path of a model file.</param>
    /// <param name="outputColumnName">The new column: a vector of float32 values, 256 for <c>ferplus</c>.</param>
    /// <param name="inputColumnName">A column of images, or of 2,304 pixel values as <see cref="FacePixels"/> produces them.</param>
    /// <exception cref="EmotionModelException">There is no such model, or its classifier isn't one that FerMl writes.</exception>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext(seed: 1);
    /// var faces = mlContext.Data.LoadFromFerDataset(SyntheticFaces.Create());
    /// var pipeline = mlContext.Transforms.FaceEmbedding("ferplus-fast").AppendCacheCheckpoint(mlContext)
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy());
    /// var fitted = pipeline.Fit(faces);
    /// </code>
    /// </example>
    public static IEstimator<ITransformer> FaceEmbedding(
        this TransformsCatalog catalog, string model = "ferplus", string outputColumnName = "Features", string inputColumnName = Image)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(inputColumnName);
        var found = EmotionModel.Find(model);
        found.RequireSingleFaces();
        try
        {
            return new FaceEmbeddingEstimator(catalog, OnnxEmbedding.AddTo(found.Onnx).Onnx, outputColumnName, inputColumnName);
        }
        catch (InvalidDataException e)
        {
            throw new EmotionModelException($"{model}: no embeddings can be taken from the network in it: {e.Message}.", e);
        }
    }

    /// <summary>
    /// Maps the text label to a key whose values are all of the task's labels in FER2013's order, whether or not they occur in the data. A
    /// label outside the task becomes a missing key; filter by task first.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="task">The task whose labels are the key's values.</param>
    /// <param name="outputColumnName">The new key column.</param>
    /// <param name="inputColumnName">The text column; by default the output column's name.</param>
    public static IEstimator<ITransformer> MapEmotionToKey(
        this TransformsCatalog.ConversionTransforms catalog, EmotionTask task, string outputColumnName = "Label",
        string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(task);
        return catalog.MapValueToKey(outputColumnName, inputColumnName, keyData: LabelKeys.View(task.Labels));
    }

    /// <summary>
    /// Scores faces with a network that FerMl exported: adds <c>Score</c> (a probability for each label) and <c>PredictedLabel</c> (a key
    /// whose values are the labels). It consists of ML.NET's own transforms, so it saves and loads together with them.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="onnx">The network: input <c>Pixels</c> [batch, 1, 48, 48], outputs <c>Score</c> and <c>PredictedIndex</c>.</param>
    /// <param name="labels">The labels in the order of the scores.</param>
    /// <param name="featureColumnName">The column with the 2,304 pixel values.</param>
    public static IEstimator<ITransformer> ScoreEmotions(
        this TransformsCatalog catalog, byte[] onnx, IReadOnlyList<string> labels, string featureColumnName = Pixels)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentException.ThrowIfNullOrWhiteSpace(featureColumnName);
        onnx = OnnxContent.Checked(onnx, nameof(onnx));
        const string index = nameof(PredictedIndexMapping.Input.PredictedIndex);
        var names = labels.Select((label, i) => new KeyValuePair<long, string>(i, label));
        var chain = new EstimatorChain<ITransformer>();
        if (featureColumnName != Pixels)
            chain = chain.Append<ITransformer>(catalog.CopyColumns(Pixels, featureColumnName));
        return chain
            .Append<ITransformer>(
                catalog.ApplyOnnxModel(["Score", index], [Pixels], new MemoryStream(onnx), gpuDeviceId: null, fallbackToCpu: true))
            .Append<ITransformer>(
                catalog.CustomMapping<PredictedIndexMapping.Input, PredictedIndexMapping.Output>(
                    PredictedIndexMapping.Map, PredictedIndexMapping.Contract))
            .Append<ITransformer>(catalog.Conversion.MapValue("PredictedLabel", names, index))
            .Append<ITransformer>(catalog.Conversion.MapValueToKey("PredictedLabel", keyData: LabelKeys.View(labels)));
    }
}
