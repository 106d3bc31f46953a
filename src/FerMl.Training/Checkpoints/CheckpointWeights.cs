namespace FerMl.Training;

/// <summary>Which of a checkpoint's weights.</summary>
internal enum CheckpointWeights
{
    /// <summary>Those of the best epoch; those in training, where no epoch is complete.</summary>
    Best,

    /// <summary>Those of the last epoch, averaged where the training averages.</summary>
    Last,
}
