namespace FerMl.Training;

/// <summary>What random numbers are drawn for; streams of different purposes are independent.</summary>
internal enum RandomPurpose
{
    Order,
    Face,
    Mixup,
    Dropout,
    Trial,
    View,
    ViewDraw,
    Scene,
    Occlusion,
    Folds,
}
