using Microsoft.ML;

namespace FerMl;

/// <summary>The two parts of a stratified split.</summary>
/// <param name="TrainSet">The rows to train on.</param>
/// <param name="TestSet">The rows to test on.</param>
public sealed record StratifiedParts(IDataView TrainSet, IDataView TestSet);
