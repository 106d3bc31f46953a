using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.LightGbm"/> and <see cref="EmotionPipeline.FastTree"/>.</summary>
internal sealed class TreePipeline(string model, bool isLightGbm) : EmbeddingPipeline(
    isLightGbm ? "lightgbm" : "fasttree", model,
    $"Boosted trees ({(isLightGbm ? "LightGBM" : "FastTree")}) on embeddings of {model}, each label against the others.",
    new SearchSpace().AddInteger(Trees, 20, 150, log: true).AddInteger(Leaves, 3, 24, log: true).AddInteger(MinFaces, 2, 20, log: true)
        .AddRange(LearningRate, 0.03, 0.3, log: true),
    (Trees, "60"), (Leaves, "6"), (MinFaces, "5"), (LearningRate, "0.1"))
{
    private const string Trees = "Trees", Leaves = "Leaves", MinFaces = "MinFaces", LearningRate = "LearningRate";

    /// <summary>Whether LightGBM's native library can be loaded.</summary>
    public static bool HasLightGbm { get; } =
        NativeLibrary.TryLoad("lib_lightgbm", typeof(LightGbmBinaryTrainer).Assembly, null, out _);

    protected override EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed)
    {
        if (isLightGbm && !HasLightGbm)
            throw new ExperimentException(
                "LightGBM's native library can't be loaded; on Linux it needs the package libgomp1. Install it, or leave LightGBM out.");
        var mlContext = new MLContext(seed);
        return new TreeClassifier(labels.Select((_, label) =>
        {
            var rows = EmbeddingRows.View(mlContext, embeddings, truth.Select(face => face == label), BooleanDataViewType.Instance);
            var trainers = mlContext.BinaryClassification.Trainers;
            if (isLightGbm)
            {
                var light = trainers.LightGbm(new LightGbmBinaryTrainer.Options
                {
                    NumberOfIterations = values.Integer(Trees),
                    NumberOfLeaves = values.Integer(Leaves),
                    MinimumExampleCountPerLeaf = values.Integer(MinFaces),
                    LearningRate = values.Number(LearningRate),
                    NumberOfThreads = 1,
                    Seed = seed,
                }).Fit(rows).Model;
                return (light.SubModel.TrainedTreeEnsemble, light.Calibrator);
            }
            var fast = trainers.FastTree(new FastTreeBinaryTrainer.Options
            {
                NumberOfTrees = values.Integer(Trees),
                NumberOfLeaves = values.Integer(Leaves),
                MinimumExampleCountPerLeaf = values.Integer(MinFaces),
                LearningRate = values.Number(LearningRate),
                NumberOfThreads = 1,
                Seed = seed,
            }).Fit(rows).Model;
            return (fast.SubModel.TrainedTreeEnsemble, fast.Calibrator);
        }).ToArray());
    }
}
