namespace FerMl.Benchmarking;

/// <summary>
/// The network that speeds are compared on, here and in other frameworks: a compact residual CNN whose 6x6 feature map a BiLSTM reads, 134
/// million multiply-adds per face. The <c>strong</c> preset grew out of it and may change; this stays as it is.
/// </summary>
internal static class ReferenceNetwork
{
    /// <summary>Its layers.</summary>
    public static NetworkDefinition Definition { get; } = new("reference",
    [
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu),
        new Convolution(64, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu),
        new Residual(64),
        new Residual(128, Stride: 2),
        new Residual(256, Stride: 2),
        new PixelSequence(),
        new BiLstm(128),
        new SequenceMean(),
    ]);
}
