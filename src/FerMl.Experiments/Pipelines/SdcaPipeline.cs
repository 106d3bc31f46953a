using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.Sdca"/>.</summary>
internal sealed class SdcaPipeline(string model) : EmbeddingPipeline(
    "sdca", model, $"Maximum entropy on embeddings of {model}, by stochastic dual coordinate ascent.",
    new SearchSpace().AddRange(L2, 0.0001, 1, log: true), (L2, "0.01"))
{
    private const string L2 = "L2";
    private const int MaxPasses = 100;

    protected override EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed) =>
        MaximumEntropy.Fit(embeddings, truth, labels.Count, seed, trainers => trainers.SdcaMaximumEntropy(
            new SdcaMaximumEntropyMulticlassTrainer.Options
            {
                L1Regularization = 0,
                L2Regularization = (float)values.Number(L2),
                MaximumNumberOfIterations = MaxPasses,
                NumberOfThreads = 1,
            }));
}
