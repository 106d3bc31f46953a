namespace FerMl.Training;

/// <summary>Which weights of a checkpoint to load.</summary>
internal enum CheckpointWeights
{
    /// <summary>The weights of the best epoch; the current ones, if no epoch is complete.</summary>
    Best,

    /// <summary>The weights of the last epoch; their moving average, if the training keeps one.</summary>
    Last,
}
