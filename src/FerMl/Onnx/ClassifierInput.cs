namespace FerMl.Onnx;

/// <summary>A classifier's normalization of pixel values: (value - mean) / standard deviation.</summary>
/// <param name="Center">Subtracts the mean.</param>
/// <param name="Scale">Divides by the standard deviation.</param>
internal sealed record ClassifierInput(NodeProto Center, NodeProto Scale)
{
    /// <summary>Tensor name of the normalized faces, [batch, 1, 48, 48].</summary>
    public string Faces => Scale.Output[0];
}
