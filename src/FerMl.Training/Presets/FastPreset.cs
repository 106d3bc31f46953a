namespace FerMl.Training;

/// <summary>
/// A network that a webcam loop barely notices: a fifteenth of <see cref="StrongPreset"/>'s multiply-adds, below 15 million.
/// </summary>
internal static class FastPreset
{
    public static NetworkDefinition Network(NetworkRates rates) => new("fast",
    [
        // Half the size at once: at 48x48 nothing is computed but these few channels.
        new Convolution(24, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), // [24, 24, 24]
        new Residual(48, 2, rates.BlockDropout),                                                    // [48, 12, 12]
        new Residual(80, 2, rates.BlockDropout),                                                    // [80, 6, 6]
        new Residual(80, 1, rates.BlockDropout),
        .. rates.Dropout > 0 ? (Layer[])[new Dropout(rates.Dropout)] : [],
        new PixelSequence(),
        new SkipConnection(new BiLstm(40)),
        new SequenceMean(),
    ]);

    public static EmotionTrainerOptions Options { get; } = StrongPreset.Options with
    {
        // An epoch takes a sixth of the time.
        Epochs = 60,
        // So small a network doesn't overfit: it needs no dropout, no blended faces and none painted over.
        Dropout = 0,
        Augmentation = StrongPreset.Options.Augmentation! with { Erasing = 0, MixupAlpha = 0 },
        // Three views of so small a network take an eighth of the strong one's time.
        TestTimeAugmentation = TestTimeAugmentation.Zoom,
    };
}
