using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl;

/// <summary>The steps of an emotion pipeline, on <c>mlContext.Transforms</c>.</summary>
public static class FaceTransformsCatalog
{
    private const string Image = nameof(FacePixelsMapping.Input.Image);
    private const string Pixels = nameof(FacePixelsMapping.Output.Pixels);

    /// <summary>
    /// Turns an image column into 2,304 pixel values 0..255, row by row from the top: gray by luma, resampled to 48x48 by
    /// <see cref="FaceResampler"/>. The images may be of any size, as <c>LoadImages</c> reads them, and need no <c>ResizeImages</c>.
    /// Saved models contain this step; loaded by ML.NET they take images as they are, or resized to squares of up to 512 pixels.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The new column: a vector of 2,304 float32 numbers.</param>
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
        // A custom mapping's columns are fixed by its contract; other names are copied to and from them.
        IEstimator<ITransformer> mapping = new FacePixelsEstimator(catalog);
        if (inputColumnName != Image)
            mapping = new EstimatorChain<ITransformer>().Append(catalog.CopyColumns(Image, inputColumnName)).Append(mapping);
        return outputColumnName == Pixels ? mapping : new EstimatorChain<ITransformer>().Append(mapping)
            .Append(catalog.CopyColumns(outputColumnName, Pixels));
    }

    /// <summary>
    /// Turns faces into embeddings: what the classifier of a trained model takes, so that every trainer of ML.NET works on faces. The
    /// network runs in ONNX Runtime; libtorch isn't needed. ML.NET runs it again for every pass over the rows, so let
    /// <c>AppendCacheCheckpoint</c> follow where a trainer passes more than once.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">One of the pretrained models by name, or the path of a model file.</param>
    /// <param name="outputColumnName">The new column: a vector of float32 numbers, 256 of <c>ferplus</c>.</param>
    /// <param name="inputColumnName">A column of images, or of 2,304 pixel values as <see cref="FacePixels"/> gives them.</param>
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
    /// Maps the text label to a key whose values are the task's labels, all of them and in FER2013's order, whichever occur in the
    /// data. A label outside the task becomes a missing key; filter by task first.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="task">The task whose labels are the key's values.</param>
    /// <param name="outputColumnName">The new key column.</param>
    /// <param name="inputColumnName">The text column; by default the same name.</param>
    public static IEstimator<ITransformer> MapEmotionToKey(
        this TransformsCatalog.ConversionTransforms catalog, EmotionTask task, string outputColumnName = "Label",
        string? inputColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(task);
        return catalog.MapValueToKey(outputColumnName, inputColumnName, keyData: LabelKeys.View(task.Labels));
    }

    /// <summary>
    /// Scores faces with a network that FerMl exported: adds <c>Score</c> (a probability for each label) and <c>PredictedLabel</c>
    /// (a key with the labels as its values). It is made of ML.NET's own transforms, so that it saves and loads with any of them.
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
