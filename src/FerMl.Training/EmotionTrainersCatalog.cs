using System.ComponentModel.DataAnnotations;
using Microsoft.ML;

namespace FerMl.Training;

/// <summary>FerMl's trainers, on <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
public static class EmotionTrainersCatalog
{
    /// <summary>A trainer of the paper's CNN, with the most used options as arguments.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The key column with the labels.</param>
    /// <param name="featureColumnName">The column with the 2,304 pixel values.</param>
    /// <param name="epochs">The most passes over the training part, 1 to 10,000.</param>
    /// <param name="batchSize">Faces in a step, 1 to 4,096.</param>
    /// <param name="learningRate">Step size of Adam, above 0, at most 10.</param>
    /// <param name="seed">Seed of all that is drawn at random.</param>
    /// <exception cref="ValidationException">A value is outside its range.</exception>
    public static EmotionTrainer Cnn(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, string labelColumnName = "Label",
        string featureColumnName = "Pixels", int epochs = 100, int batchSize = 16, double learningRate = 0.001, int seed = 0) =>
        catalog.Cnn(Simple(labelColumnName, featureColumnName, epochs, batchSize, learningRate, seed));

    /// <summary>A trainer of the paper's CNN, or of another network without a BiLSTM.</summary>
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

    /// <summary>A trainer of the paper's CNN-BiLSTM, with the most used options as arguments.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The key column with the labels.</param>
    /// <param name="featureColumnName">The column with the 2,304 pixel values.</param>
    /// <param name="epochs">The most passes over the training part, 1 to 10,000.</param>
    /// <param name="batchSize">Faces in a step, 1 to 4,096.</param>
    /// <param name="learningRate">Step size of Adam, above 0, at most 10.</param>
    /// <param name="seed">Seed of all that is drawn at random.</param>
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

    /// <summary>A trainer of the paper's CNN-BiLSTM, or of another network with a BiLSTM.</summary>
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
    /// A trainer of a network over the frames of clips: a trained model says what it sees in each frame, and a BiLSTM learns to read that.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">A single model of single faces, with the clips' labels.</param>
    /// <param name="options">How it is trained, or null for the defaults.</param>
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
