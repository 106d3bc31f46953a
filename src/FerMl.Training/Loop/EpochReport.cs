namespace FerMl.Training;

/// <summary>What one epoch of training brought.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's batches, with dropout and changes of faces and while the weights changed:
/// cross-entropy in nats, unless the options weigh or soften it.</param>
/// <param name="TrainingAccuracy">Accuracy over the same batches, 0..1.</param>
/// <param name="ValidationLoss">Cross-entropy on the validation part after the epoch, in nats; null where there is none.</param>
/// <param name="ValidationAccuracy">Accuracy there, 0..1; null where there is none.</param>
/// <param name="LearningRate">Step size at the end of the epoch.</param>
/// <param name="ImagesPerSecond">Training faces per second of wall-clock time, validation not counted.</param>
/// <param name="Seconds">Wall-clock time since training began.</param>
/// <param name="IsBest">Whether this is the best epoch so far: by validation accuracy, by validation loss among equals; the last one where
/// there is no validation.</param>
public sealed record EpochReport(
    int Epoch, double TrainingLoss, double TrainingAccuracy, double? ValidationLoss, double? ValidationAccuracy,
    double LearningRate, double ImagesPerSecond, double Seconds, bool IsBest);
