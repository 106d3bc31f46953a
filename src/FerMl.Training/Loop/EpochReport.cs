namespace FerMl.Training;

/// <summary>The results of one epoch of training.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's batches while training, with dropout and augmentation: cross-entropy in nats,
/// unless the options weight or smooth it.</param>
/// <param name="TrainingAccuracy">Accuracy over the same batches, 0..1.</param>
/// <param name="ValidationLoss">Cross-entropy on the validation split after the epoch, in nats; null without validation.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation split, 0..1; null without validation.</param>
/// <param name="LearningRate">Learning rate at the end of the epoch.</param>
/// <param name="ImagesPerSecond">Training faces per second of wall-clock time, without validation.</param>
/// <param name="Seconds">Wall-clock time since training began.</param>
/// <param name="IsBest">Whether this epoch is better than all earlier ones: by validation accuracy, then by validation loss; always true
/// without validation, or if the last epoch is kept.</param>
public sealed record EpochReport(
    int Epoch, double TrainingLoss, double TrainingAccuracy, double? ValidationLoss, double? ValidationAccuracy,
    double LearningRate, double ImagesPerSecond, double Seconds, bool IsBest);
