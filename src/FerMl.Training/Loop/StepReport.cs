namespace FerMl.Training;

/// <summary>How far an epoch has come.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps that it has.</param>
/// <param name="Loss">Mean loss over these steps.</param>
/// <param name="Accuracy">Accuracy over these steps, 0..1.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="ImagesPerSecond">Faces a second over these steps.</param>
/// <param name="SecondsLeft">Time that the rest of the training takes at this speed, without validation and without early stopping.</param>
/// <param name="Threads">Threads that the processor computes with: one where other programs keep it busy.</param>
public readonly record struct StepReport(
    int Epoch, int Step, int Steps, double Loss, double Accuracy, double LearningRate, double ImagesPerSecond, double SecondsLeft,
    int Threads);
