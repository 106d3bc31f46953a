namespace FerMl.Benchmarking;

/// <summary>What the weights of one epoch do on each part of the data.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Training">The faces that it was trained on.</param>
/// <param name="Validation">The faces held out to choose the epoch by.</param>
/// <param name="Test">PublicTest, which chose nothing.</param>
internal sealed record EpochResult(int Epoch, SplitResult Training, SplitResult Validation, SplitResult Test);
