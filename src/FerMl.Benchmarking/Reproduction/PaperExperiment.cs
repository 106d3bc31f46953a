using System.Collections.Immutable;

namespace FerMl.Benchmarking;

/// <summary>One of the experiments of Lamichhane and Karn, "CNN-BiLSTM based Facial Emotion Recognition".</summary>
/// <param name="Name">A short name, also that of its folder.</param>
/// <param name="Title">Its description.</param>
/// <param name="Preset">The network.</param>
/// <param name="Task">The emotions.</param>
/// <param name="Options">The training options.</param>
/// <param name="ClaimedAccuracy">The accuracy in the paper, 0..1, which doesn't say on which faces; null if it gives none.</param>
/// <param name="ClaimedLoss">The loss in the paper, or null.</param>
internal sealed record PaperExperiment(
    string Name, string Title, NetworkPreset Preset, EmotionTask Task, EmotionTrainerOptions Options, double? ClaimedAccuracy,
    double? ClaimedLoss)
{
    /// <summary>
    /// Early-stopping patience in epochs. The paper stopped early after 80 to 100 epochs, but doesn't state the rule. With 15, the
    /// validation accuracy has stopped rising long before.
    /// </summary>
    private const int Patience = 15;

    private static readonly EmotionTrainerOptions Used = NetworkPreset.PaperCnnBiLstm.Defaults with { EarlyStoppingPatience = Patience };

    /// <summary>All experiments, in the paper's order.</summary>
    public static ImmutableArray<PaperExperiment> All { get; } =
    [
        new("cnn-first-try", "CNN, first try: learning rate 0.1, batch 32, half of the faces to validate", NetworkPreset.PaperCnn,
            EmotionTask.Seven,
            // The paper calls it unsatisfactory and gives no figure. Ten epochs are enough to show that.
            Used with { LearningRate = 0.1, BatchSize = 32, ValidationFraction = 0.5, Epochs = 10 }, null, null),
        new("cnn-seven", "CNN, seven emotions", NetworkPreset.PaperCnn, EmotionTask.Seven, Used, 0.793, 0.61),
        new("cnn-bilstm-seven", "CNN-BiLSTM, seven emotions", NetworkPreset.PaperCnnBiLstm, EmotionTask.Seven, Used, 0.796, 0.62),
        new("cnn-bilstm-three", "CNN-BiLSTM, happy, sad and neutral", NetworkPreset.PaperCnnBiLstm, EmotionTask.Three, Used, 0.890, 0.53),
    ];
}
