namespace FerMl;

/// <summary>The outcome of a training run.</summary>
/// <param name="Epochs">Number of trained epochs.</param>
/// <param name="BestEpoch">The epoch whose weights were kept, counted from 1.</param>
/// <param name="Seconds">Wall-clock time of the training, in seconds.</param>
/// <param name="TrainingAccuracy">Accuracy on the best epoch's training batches, 0..1, with dropout.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation split after the best epoch, 0..1, or null without one. It is slightly
/// optimistic, since it selected the epoch.</param>
/// <param name="ValidationLoss">Cross-entropy on the validation split, in nats, or null.</param>
public sealed record ModelTraining(
    int Epochs, int BestEpoch, double Seconds, double TrainingAccuracy, double? ValidationAccuracy, double? ValidationLoss);
