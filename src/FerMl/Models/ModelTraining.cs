namespace FerMl;

/// <summary>How the training went.</summary>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="BestEpoch">The epoch whose weights the model has, from 1.</param>
/// <param name="Seconds">Wall-clock time of the training.</param>
/// <param name="TrainingAccuracy">Accuracy over the best epoch's training batches, 0..1, with dropout on.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation part after the best epoch, 0..1, or null where there was none. The epoch was
/// chosen by it, so it is a little too good.</param>
/// <param name="ValidationLoss">Cross-entropy there, in nats, or null.</param>
public sealed record ModelTraining(
    int Epochs, int BestEpoch, double Seconds, double TrainingAccuracy, double? ValidationAccuracy, double? ValidationLoss);
