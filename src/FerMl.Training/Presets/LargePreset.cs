namespace FerMl.Training;

/// <summary>
/// For an hour of a GPU: ResNet-18 (He et al., 2016) for small images, its last stage a little narrower so that half precision stays below
/// 12 MB, with a BiLSTM over its map. The best networks from scratch on FER2013 are of this kind and size, and have dropout in every block.
/// </summary>
internal static class LargePreset
{
    private const int Blocks = 8;

    public static NetworkDefinition Network(NetworkRates rates) => new("large",
    [
        new Convolution(48), new BatchNormalization(), new Activation(ActivationKind.Relu),
        // At full size, as residual networks for small images are: a GPU has the arithmetic to spare.
        rates.Block(48, 1, 1, Blocks), rates.Block(48, 1, 2, Blocks),                                   // [48, 48, 48]
        rates.Block(96, 2, 3, Blocks), rates.Block(96, 1, 4, Blocks),                                   // [96, 24, 24]
        rates.Block(192, 2, 5, Blocks), rates.Block(192, 1, 6, Blocks),                                 // [192, 12, 12]
        rates.Block(336, 2, 7, Blocks), rates.Block(336, 1, 8, Blocks),                                 // [336, 6, 6]
        .. rates.Dropout > 0 ? (Layer[])[new Dropout(rates.Dropout)] : [],
        new PixelSequence(),
        new SkipConnection(new BiLstm(168)),
        new SequenceMean(),
    ]);

    public static EmotionTrainerOptions Options { get; } = StrongPreset.Options with
    {
        // A GPU does an epoch in seconds; the best published trainings show the network 40 million faces and more.
        Epochs = 200,
        // Few enough steps an epoch that a GPU is busy in each, and the rate that goes with them.
        BatchSize = 128,
        LearningRate = 0.1,
        // Averages over about four epochs of 220 steps.
        EmaDecay = 0.999,
        // Where a crop lies is the change that costs nothing: a smaller image is less arithmetic, too.
        CropSize = 40,
        // What such trainings need against overfitting: each pair of faces is blended, or a part of one set into the other.
        Augmentation = new AugmentationOptions
        {
            Brightness = 10,
            Contrast = 0.1,
            Erasing = 0.25,
            MixupAlpha = 0.4,
            CutMixAlpha = 1,
            MixesPairwise = true,
        },
        // In every block, as the best from scratch have it.
        BlockDropout = 0.2,
        TestTimeAugmentation = TestTimeAugmentation.TenCrop,
    };
}
