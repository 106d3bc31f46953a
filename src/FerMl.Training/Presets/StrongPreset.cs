namespace FerMl.Training;

/// <summary>
/// The best single network for an hour of compute: a compact residual CNN whose 6x6 feature map a BiLSTM processes. Plain 3x3 residual
/// blocks beat depthwise ones on 48x48 faces. It is the network of <c>ferml benchmark training</c> with a second block at 12x12 and at 6x6
/// and a skip connection around the BiLSTM: 67.1 % instead of 65.8 % in 20 epochs (docs/development/experiments/short-trainings.md).
/// </summary>
internal static class StrongPreset
{
    public static NetworkDefinition Network(NetworkRates rates) => new("strong",
    [
        // Edges at full size with few channels: most of the cost of a convolution at 48x48 is memory access, not arithmetic.
        new Convolution(32), new BatchNormalization(), new Activation(ActivationKind.Relu),
        new Convolution(64, Stride: 2), new BatchNormalization(), new Activation(ActivationKind.Relu), // [64, 24, 24]
        new Residual(64, 1, rates.BlockDropout),
        new Residual(128, 2, rates.BlockDropout),                                                   // [128, 12, 12]
        // The cheapest place for more layers: small feature maps with many channels are almost pure arithmetic.
        new Residual(128, 1, rates.BlockDropout),
        new Residual(256, 2, rates.BlockDropout),                                                   // [256, 6, 6]
        new Residual(256, 1, rates.BlockDropout),
        .. rates.Dropout > 0 ? (Layer[])[new Dropout(rates.Dropout)] : [],
        new PixelSequence(),
        // Half the width of a step in each direction, so that a step is as wide after the BiLSTM as before it. The skip connection lets the
        // CNN learn from the first step on, while the BiLSTM still outputs noise.
        new SkipConnection(new BiLstm(128)),
        // The mean has no weights that could overfit, and accepts any number of steps.
        new SequenceMean(),
    ]);

    public static EmotionTrainerOptions Options { get; } = new()
    {
        // 69.9 % on PublicTest; 20 epochs without mixup, erasing and balanced sampling reach 67.1 %
        // (docs/development/experiments/short-trainings.md).
        Epochs = 50,
        // More steps per epoch than a batch size of 96, at nearly its speed: short trainings lack steps.
        BatchSize = 64,
        Optimizer = OptimizerKind.Sgd,
        // With batch normalization, any rate from 0.03 to 0.1 works; 0.06 is the rate of this network's prototype.
        LearningRate = 0.06,
        Momentum = 0.9,
        // The usual weight decay of residual networks at this batch size.
        WeightDecay = 5e-4,
        // One long decay of the rate beats steps or plateaus in published comparisons on FER2013.
        Schedule = LearningRateSchedule.Cosine,
        // The first steps at the full rate would destabilize the initial batch statistics.
        WarmUpEpochs = 1,
        // Many of FER2013's labels are wrong, so overconfidence is costly.
        LabelSmoothing = 0.1,
        // Averages over about one epoch of 430 steps.
        EmaDecay = 0.998,
        // Position, size, rotation and a little light: twice the change of light gained nothing in 20 epochs. A long training needs more
        // against overfitting: mixup, and random erasing of a quarter of the faces.
        Augmentation = new AugmentationOptions { Brightness = 10, Contrast = 0.1, Erasing = 0.25, MixupAlpha = 0.2 },
        // Recall of disgust rises from 39 to 55 %.
        BalancedSampling = 0.2,
        // Suits three million weights and 28 thousand faces.
        Dropout = 0.2,
        // 574 faces are enough to fit a temperature; all others are trained on.
        ValidationFraction = 0.02,
        // The schedule ends at 0, so the last epoch is the best one, except for chance.
        KeepLastEpoch = true,
        EarlyStoppingPatience = 0,
        TestTimeAugmentation = TestTimeAugmentation.Zoom,
        // Halves the file: three million weights in float32 are 12 MB.
        WeightFormat = WeightFormat.Float16,
    };
}
