namespace FerMl.Training;

/// <summary>How far an epoch has come.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps that it has.</param>
/// <param name="Loss">Mean cross-entropy over these steps, in nats.</param>
public readonly record struct StepReport(int Epoch, int Step, int Steps, double Loss);
