namespace FerMl.Benchmarking;

/// <summary>The evaluation of one epoch's weights on each split.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Training">Result on the faces it was trained on.</param>
/// <param name="Validation">Result on the validation split, which selects the best epoch.</param>
/// <param name="Test">Result on PublicTest, which selects nothing.</param>
internal sealed record EpochResult(int Epoch, SplitResult Training, SplitResult Validation, SplitResult Test);
