namespace FerMl.Training;

/// <summary>
/// A network that a webcam loop barely notices: a fifteenth of <see cref="StrongPreset"/>'s multiply-adds, below 15 million.
/// </summary>
internal static class FastPreset
{
    public static NetworkDefinition Network(double dropout) => new("fast",
    [
        // Half the size at once: at 48x48 nothing is computed but these few channels.
        new Convolution(24, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), // [24, 24, 24]
        new Residual(48, Stride: 2),                                                                  // [48, 12, 12]
        new Residual(80, Stride: 2),                                                                  // [80, 6, 6]
        new Residual(80),
        .. dropout > 0 ? (Layer[])[new Dropout(dropout)] : [],
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
        // One view of a face has to do.
        TestTimeAugmentation = TestTimeAugmentation.None,
    };
}
