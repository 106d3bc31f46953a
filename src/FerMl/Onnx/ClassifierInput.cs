namespace FerMl.Onnx;

/// <summary>Where a classifier normalizes pixel values: (value - mean) / standard deviation.</summary>
/// <param name="Center">Takes the mean off.</param>
/// <param name="Scale">Divides by the standard deviation.</param>
internal sealed record ClassifierInput(NodeProto Center, NodeProto Scale)
{
    /// <summary>Name of the normalized faces, [batch, 1, 48, 48].</summary>
    public string Faces => Scale.Output[0];
}
