using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.Lbfgs"/>.</summary>
internal sealed class LbfgsPipeline(string model) : EmbeddingPipeline(
    "lbfgs", model, $"Maximum entropy on embeddings of {model}, by L-BFGS.",
    new SearchSpace().AddRange(L2, 0.01, 1_000, log: true), (L2, "10"))
{
    private const string L2 = "L2";

    protected override EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed) =>
        MaximumEntropy.Fit(embeddings, truth, labels.Count, seed, trainers => trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                L1Regularization = 0,
                L2Regularization = (float)values.Number(L2),
                NumberOfThreads = 1,
            }));
}
