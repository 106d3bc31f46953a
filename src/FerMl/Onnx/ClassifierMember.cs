namespace FerMl.Onnx;

/// <summary>The score computation of a classifier, or of one in an ensemble.</summary>
/// <param name="Softmax">The softmax over the labels.</param>
/// <param name="Division">The division by the temperature before the softmax, or null.</param>
/// <param name="Temperature">The temperature; 1 without a division.</param>
/// <param name="Dense">The fully connected layer that computes the logits; null if another node does.</param>
/// <param name="EmbeddingLength">Number of inputs of the fully connected layer; 0 without one.</param>
/// <param name="Mean">Split, sum and multiplication that average the scores of several views; empty for a single view.</param>
internal sealed record ClassifierMember(
    NodeProto Softmax, NodeProto? Division, float Temperature, NodeProto? Dense, int EmbeddingLength,
    IReadOnlyList<NodeProto> Mean)
{
    /// <summary>Tensor name of the logits, before the temperature.</summary>
    public string Logits => (Division ?? Softmax).Input[0];

    /// <summary>Tensor name of the fully connected layer's input; null without one.</summary>
    public string? Embedding => Dense?.Input[0];

    /// <summary>Whether the weights of the fully connected layer have the shape [labels, inputs].</summary>
    public bool HasTransposedWeights => Dense?.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }) == true;

    /// <summary>Number of views of test-time augmentation; 1 without it.</summary>
    public int Views => Mean is [var split, ..] ? split.Output.Count : 1;
}
