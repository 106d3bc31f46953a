namespace FerMl.Onnx;

/// <summary>Where a classifier, or one of an ensemble, makes its scores.</summary>
/// <param name="Softmax">The softmax over the labels.</param>
/// <param name="Division">The division by the temperature before it, or null where there is none.</param>
/// <param name="Temperature">The temperature, 1 where there is none.</param>
/// <param name="Dense">The fully connected layer that gives the logits, or null where something else does.</param>
/// <param name="EmbeddingLength">Numbers that the fully connected layer takes, 0 where there is none.</param>
/// <param name="Mean">Split, sum and multiplication that average the scores of several views; none where there is one view.</param>
internal sealed record ClassifierMember(
    NodeProto Softmax, NodeProto? Division, float Temperature, NodeProto? Dense, int EmbeddingLength,
    IReadOnlyList<NodeProto> Mean)
{
    /// <summary>Name of the logits, before the temperature.</summary>
    public string Logits => (Division ?? Softmax).Input[0];

    /// <summary>Name of what the fully connected layer takes, or null where there is none.</summary>
    public string? Embedding => Dense?.Input[0];

    /// <summary>Whether the weights of the fully connected layer are label by input.</summary>
    public bool HasTransposedWeights => Dense?.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }) == true;

    /// <summary>Views of test-time augmentation, 1 for none.</summary>
    public int Views => Mean is [var split, ..] ? split.Output.Count : 1;
}
