namespace FerMl.Training;

/// <summary>The purposes of random numbers; their streams are independent. Checkpoints depend on the values.</summary>
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
