
namespace FerMl.Experiments;

/// <summary>The original classifier of a model, as a classifier of its embeddings.</summary>
internal static class PretrainedHead
{
    /// <summary>The model's classifier restricted to some labels; null if the model lacks one of them or is an ensemble.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">The labels.</param>
    public static LinearClassifier? Of(EmotionModel model, IReadOnlyList<string> labels) =>
        labels.All(model.Labels.Contains) ? Partly(model, labels) : null;

    /// <summary>The same, with weights of 0 for labels that the model lacks; null if it lacks all of them or is an ensemble.</summary>
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
