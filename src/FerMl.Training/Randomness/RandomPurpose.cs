namespace FerMl.Training;

/// <summary>What random numbers are drawn for; streams of different purposes are independent. Checkpoints depend on the values.</summary>
internal enum RandomPurpose
{
    Order = 0,
    Face = 1,
    Mixup = 2,
    Dropout = 3,
    Trial = 4,
    Scene = 7,
    Occlusion = 8,
    Folds = 9,
}
