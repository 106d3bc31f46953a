using System.ComponentModel.DataAnnotations;
using Microsoft.ML;

namespace FerMl.Training;

/// <summary>FerMl's trainers, on <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
public static class EmotionTrainersCatalog
{
    /// <summary>Creates a trainer for the paper's CNN, with the most common options as arguments.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The key column with the labels.</param>
    /// <param name="featureColumnName">The column with the 2,304 pixel values.</param>
    /// <param name="epochs">Maximum number of epochs, 1 to 10,000.</param>
    /// <param name="batchSize">Batch size, 1 to 4,096.</param>
    /// <param name="learningRate">Learning rate of Adam, above 0, at most 10.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <exception cref="ValidationException">A value is outside its range.</exception>
    public static EmotionTrainer Cnn(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = "Pixels", int epochs = 100, int batchSize = 16, double learningRate = 0.001, int seed = 0) =>
        catalog.Cnn(Simple(labelColumnName, featureColumnName, epochs, batchSize, learningRate, seed));

    /// <summary>Creates a trainer for the paper's CNN, or for another network without a BiLSTM.</summary>
    /// <exception cref="ValidationException">An option is outside its range, or the network has a BiLSTM.</exception>
    public static EmotionTrainer Cnn(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, EmotionTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options = NetworkPreset.PaperCnn.Complete(options);
        return options.Network!.HasBiLstm
            ? throw new ValidationException($"The network '{options.Network.Name}' has a BiLSTM; train it with CnnBiLstm.")
            : new EmotionTrainer(options);
    }

    /// <summary>Creates a trainer for the paper's CNN-BiLSTM, with the most common options as arguments.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The key column with the labels.</param>
    /// <param name="featureColumnName">The column with the 2,304 pixel values.</param>
    /// <param name="epochs">Maximum number of epochs, 1 to 10,000.</param>
    /// <param name="batchSize">Batch size, 1 to 4,096.</param>
    /// <param name="learningRate">Learning rate of Adam, above 0, at most 10.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <exception cref="ValidationException">A value is outside its range.</exception>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext(seed: 1);
    /// var faces = mlContext.Data.LoadFromFer2013("data/fer2013.csv");
    /// var pipeline = mlContext.Transforms.FacePixels()
    ///     .Append(mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven))
    ///     .Append(mlContext.MulticlassClassification.Trainers.CnnBiLstm(epochs: 1));
    /// var model = pipeline.Fit(mlContext.Data.TakeRows(faces, 64));
    /// </code>
    /// </example>
    public static EmotionTrainer CnnBiLstm(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = "Pixels", int epochs = 100, int batchSize = 16, double learningRate = 0.001, int seed = 0) =>
        catalog.CnnBiLstm(Simple(labelColumnName, featureColumnName, epochs, batchSize, learningRate, seed));

    /// <summary>Creates a trainer for the paper's CNN-BiLSTM, or for another network with a BiLSTM.</summary>
    /// <exception cref="ValidationException">An option is outside its range, or the network has no BiLSTM.</exception>
    public static EmotionTrainer CnnBiLstm(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, EmotionTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        options = NetworkPreset.PaperCnnBiLstm.Complete(options);
        return options.Network!.HasBiLstm
            ? new EmotionTrainer(options)
            : throw new ValidationException($"The network '{options.Network.Name}' has no BiLSTM; train it with Cnn.");
    }

    /// <summary>
    /// Creates a trainer for clips: a trained model extracts features from each frame, and a BiLSTM learns to classify their sequence.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">A single-face model that isn't an ensemble, with the clips' labels.</param>
    /// <param name="options">The training options, or null for the defaults.</param>
    /// <exception cref="ValidationException">An option is outside its range.</exception>
    /// <example>
    /// <code>
    /// var mlContext = new MLContext(seed: 1);
    /// var clips = mlContext.Data.LoadFromClips(SyntheticClips.Create(70), frames: 8);
    /// var model = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
    /// var pipeline = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven)
    ///     .Append(mlContext.MulticlassClassification.Trainers.EmotionSequence(model, new SequenceTrainerOptions { Epochs = 1 }));
    /// var metrics = mlContext.MulticlassClassification.Evaluate(pipeline.Fit(clips).Transform(clips));
    /// </code>
    /// </example>
    public static SequenceTrainer EmotionSequence(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, EmotionModel model,
        SequenceTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new SequenceTrainerOptions();
        OptionsValidator.Check(options);
        return new SequenceTrainer(model, options);
    }

    private static EmotionTrainerOptions Simple(string label, string feature, int epochs, int batchSize, double learningRate, int seed) =>
        new()
        {
            LabelColumnName = label,
            FeatureColumnName = feature,
            Epochs = epochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Seed = seed,
        };
}
