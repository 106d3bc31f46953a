namespace FerMl.Training;

/// <summary>The progress of an epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Completed steps of the epoch.</param>
/// <param name="Steps">Steps in the epoch.</param>
/// <param name="Loss">Mean loss over the completed steps.</param>
/// <param name="Accuracy">Accuracy over the completed steps, 0..1.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ImagesPerSecond">Faces per second over the completed steps.</param>
/// <param name="SecondsLeft">Estimated remaining time of the training at this speed, without validation and early stopping.</param>
/// <param name="Threads">CPU compute threads in use; one while other processes keep the processors busy.</param>
public readonly record struct StepReport(
    int Epoch, int Step, int Steps, double Loss, double Accuracy, double LearningRate, double ImagesPerSecond, double SecondsLeft,
    int Threads);
