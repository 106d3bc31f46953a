using Microsoft.ML;

namespace FerMl.Training.Tests;

/// <summary>Synthetic faces as input of a trainer.</summary>
internal static class TrainingData
{
    public static FerDataset Faces { get; } = SyntheticFaces.Create(700, seed: 31);

    public static EmotionTrainerOptions Quick { get; } = NetworkPreset.Tiny.Defaults with
    {
        Network = NetworkPreset.Tiny.Network(new(0.1)),
        Epochs = 2,
    };

    public static IDataView View(MLContext mlContext, FerDataset? dataset = null, EmotionTask? task = null)
    {
        var data = mlContext.Data.LoadFromFerDataset(dataset ?? Faces);
        data = mlContext.Transforms.Conversion.MapEmotionToKey(task ?? EmotionTask.Seven).Fit(data).Transform(data);
        return mlContext.Transforms.FacePixels().Fit(data).Transform(data);
    }

    public static EmotionTransformer Fit(EmotionTrainerOptions options, FerDataset? dataset = null, EmotionTask? task = null)
    {
        var mlContext = new MLContext(1);
        return mlContext.MulticlassClassification.Trainers.CnnBiLstm(options).Fit(View(mlContext, dataset, task));
    }
}
