namespace FerMl.Training;

/// <summary>The smallest network with every kind of layer that learns synthetic faces quickly.</summary>
internal static class TinyPreset
{
    public static NetworkDefinition Network(NetworkRates rates) => new("tiny",
        new Convolution(12, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPool(), // [12, 12, 12]
        new Convolution(24), new BatchNormalization(), new Activation(ActivationKind.Relu), new MaxPool(),            // [24, 6, 6]
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu),                              // [32, 6, 6]
        new Dropout(rates.Dropout),
        new PixelSequence(),
        new BiLstm(16),                                                                                                  // [36, 32]
        new Flatten());

    // Few epochs at a high learning rate: synthetic faces are easy, and the preset is meant to learn them quickly.
    public static EmotionTrainerOptions Options { get; } = new()
    {
        Epochs = 10,
        BatchSize = 32,
        LearningRate = 0.003,
        EarlyStoppingPatience = 0,
    };
}
