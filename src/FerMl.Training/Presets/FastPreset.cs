namespace FerMl.Training;

/// <summary>A network that a webcam loop barely notices: a fifteenth of <see cref="StrongPreset"/>'s multiply-adds, below 15 million.</summary>
internal static class FastPreset
{
    public static NetworkDefinition Network(double dropout) => new("fast",
    [
        // Half the size at once: at 48x48 nothing is computed but these few channels.
        new Convolution(24, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), // [24, 24, 24]
        new Residual(48, Stride: 2),                                                                  // [48, 12, 12]
        new Residual(80, Stride: 2),                                                                  // [80, 6, 6]
        new Residual(80),
        .. dropout > 0 ? (Layer[])[new Dropping(dropout)] : [],
        new PixelSequence(),
        new Shortcut(new BiLstm(40)),
        new StepAverage(),
    ]);

    // As the strong preset, but that one view of a face has to do, and that so small a network needs no dropout.
    public static EmotionTrainerOptions Options { get; } = StrongPreset.Options with { Averaging = ScoreAveraging.None, Dropout = 0 };
}
