namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.Head"/>.</summary>
internal sealed class HeadPipeline(string model) : EmbeddingPipeline(
    "head", model, $"The last layer of {model}, fine-tuned by softmax regression.",
    new SearchSpace().AddRange(Strength, 0.001, 10, log: true), (Strength, "0.1"))
{
    private const string Strength = "Strength";

    protected override EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed)
    {
        var prior = PretrainedHead.Partly(model, labels)
            ?? new LinearClassifier([.. labels.Select(_ => new float[embeddings[0].Length])], new float[labels.Count]);
        return PriorRegression.Fit(embeddings, truth, prior, values.Number(Strength));
    }
}
