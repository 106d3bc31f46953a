using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace FerMl.Experiments;

/// <summary>ML.NET's linear multiclass classifiers, fitted to standardized embeddings.</summary>
internal static class MaximumEntropy
{
    /// <param name="embeddings">The embeddings.</param>
    /// <param name="truth">The label of each.</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="seed">Seed of the trainer.</param>
    /// <param name="create">Creates the trainer.</param>
    public static LinearClassifier Fit<T>(
        IReadOnlyList<float[]> embeddings, IReadOnlyList<int> truth, int labels, int seed,
        Func<MulticlassClassificationCatalog.MulticlassClassificationTrainers, IEstimator<MulticlassPredictionTransformer<T>>> create)
        where T : LinearMulticlassModelParametersBase
    {
        var mlContext = new MLContext(seed);
        var scale = Standardization.Of(embeddings);
        // The keys of objects start at 0, those within ML.NET at 1.
        var rows = EmbeddingRows.View(
            mlContext, [.. embeddings.Select(scale.Apply)], truth.Select(label => (uint)label), new KeyDataViewType(typeof(uint), labels));
        var fitted = create(mlContext.MulticlassClassification.Trainers).Fit(rows).Model;
        VBuffer<float>[] weights = [];
        fitted.GetWeights(ref weights, out var count);
        float[] biases = [.. fitted.GetBiases()];
        return new LinearClassifier([.. weights.Take(count).Select(row => row.DenseValues().ToArray())], biases).Unstandardized(scale);
    }
}
