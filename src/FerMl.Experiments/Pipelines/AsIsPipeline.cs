namespace FerMl.Experiments;

/// <summary>See <see cref="EmotionPipeline.AsIs"/>.</summary>
internal sealed class AsIsPipeline(string model) : EmbeddingPipeline("as-is", model, $"{model} unchanged, nothing fitted.",
    new SearchSpace())
{
    protected override EmbeddingClassifier Fit(
        EmotionModel model, float[][] embeddings, int[] truth, IReadOnlyList<string> labels, OptionValues values, int seed) =>
        PretrainedHead.Of(model, labels) ?? throw new ExperimentException(
            $"{model.Name} can't be used unchanged: its labels are {string.Join(", ", model.Labels)}, and it must be a single network with "
                + $"all of {string.Join(", ", labels)}.");
}
