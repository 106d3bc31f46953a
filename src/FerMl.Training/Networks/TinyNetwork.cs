namespace FerMl.Training;

/// <summary>The smallest network with every kind of layer that learns drawn faces quickly.</summary>
internal static class TinyNetwork
{
    public static NetworkDefinition CnnBiLstm(double dropout) => new("tiny",
        new Convolution(12, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPooling(), // [12, 12, 12]
        new Convolution(24), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPooling(),            // [24, 6, 6]
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu),                              // [32, 6, 6]
        new Dropping(dropout),
        new PixelSequence(),
        new BiLstm(16),                                                                                                  // [36, 32]
        new Flattening());
}
