namespace FerMl.Benchmarking;

/// <summary>
/// The network for speed comparisons, here and with other frameworks: a compact residual CNN with a BiLSTM over its 6x6 feature map, 134
/// million MACs per face. The <c>strong</c> preset is derived from it and may change; this network stays fixed.
/// </summary>
internal static class ReferenceNetwork
{
    /// <summary>The layers.</summary>
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
