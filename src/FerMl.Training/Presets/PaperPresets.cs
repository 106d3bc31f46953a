namespace FerMl.Training;

/// <summary>
/// The two networks of Lamichhane and Karn, "CNN-BiLSTM based Facial Emotion Recognition". The paper names the kinds of layers but no
/// widths. FerMl's widths make each step of the sequence as wide after the BiLSTM as before it. The CNN is then the CNN-BiLSTM without the
/// LSTM, as in the paper, and all other layers have the same size in both.
/// </summary>
internal static class PaperPresets
{
    public static NetworkDefinition CnnBiLstm(NetworkRates rates) => new("paper-cnn-bilstm", Layers(rates.Dropout));

    public static NetworkDefinition Cnn(NetworkRates rates) => new("paper-cnn", Layers(rates.Dropout).Where(layer => layer is not BiLstm));

    // The defaults are the paper's: Adam at 0.001, batch size 16, dropout 0.1, an 80:20 split, up to 100 epochs with early stopping, no
    // augmentation.
    public static EmotionTrainerOptions Options { get; } = new();

    private static IEnumerable<Layer> Layers(double dropout) =>
    [
        .. Block(32), new MaxPool(), new Dropout(dropout),             // [32, 24, 24]
        .. Block(64), .. Block(64), new MaxPool(), new Dropout(dropout),   // [64, 12, 12]
        .. Block(128), .. Block(128), new MaxPool(), new Dropout(dropout), // [128, 6, 6]
        new PixelSequence(),                                                   // [36, 128]
        new BiLstm(64),                                                        // [36, 128]
        new Flatten(),
        new Dense(128), new Activation(ActivationKind.Elu), new Dropout(dropout),
    ];

    private static IEnumerable<Layer> Block(int channels) =>
        [new Convolution(channels), new BatchNormalization(), new Activation(ActivationKind.Elu)];
}
