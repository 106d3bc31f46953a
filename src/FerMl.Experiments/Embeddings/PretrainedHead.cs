
namespace FerMl.Experiments;

/// <summary>The classifier that a model came with, as a classifier of its embeddings.</summary>
internal static class PretrainedHead
{
    /// <summary>The model's classifier with some of its labels; null where one isn't the model's, or it is an ensemble.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">The labels.</param>
    public static LinearClassifier? Of(EmotionModel model, IReadOnlyList<string> labels) =>
        labels.All(model.Labels.Contains) ? Partly(model, labels) : null;

    /// <summary>The same, where labels that aren't the model's have weights of 0; null for an ensemble, and where none is.</summary>
    public static LinearClassifier? Partly(EmotionModel model, IReadOnlyList<string> labels)
    {
        var graph = ClassifierGraph.Parse(model.Onnx);
        if (graph.DenseMembers is not [var classifier] || !labels.Any(model.Labels.Contains))
            return null;
        var (weights, _) = graph.Constants.Floats(classifier.Dense!.Input[1]);
        var (biases, _) = graph.Constants.Floats(classifier.Dense!.Input[2]);
        var temperature = graph.Temperature;
        int[] places = [.. labels.Select(label => model.Labels.ToList().IndexOf(label))];
        return new LinearClassifier(
            [.. places.Select(place => Row(place).Select(weight => weight / temperature).ToArray())],
            [.. places.Select(place => place < 0 ? 0 : biases[place] / temperature)]);

        IEnumerable<float> Row(int place) => Enumerable.Range(0, classifier.EmbeddingLength).Select(i => place < 0 ? 0
            : classifier.HasTransposedWeights ? weights[place * classifier.EmbeddingLength + i]
            : weights[i * model.Labels.Count + place]);
    }
}
