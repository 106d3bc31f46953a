namespace FerMl.Training;

/// <summary>
/// Views of a face over which a model's scores are averaged. It is part of the model file: whoever uses the model gets it.
/// </summary>
public enum TestTimeAugmentation
{
    /// <summary>The face as it is.</summary>
    None,

    /// <summary>The face and its mirror image: twice the time.</summary>
    Flip,

    /// <summary>
    /// The face, and the face shifted to each corner, each mirrored too: ten times the time. It is shifted as far as training with crops of
    /// a size has shown the network, or by three pixels.
    /// </summary>
    TenCrop,

    /// <summary>As <see cref="TenCrop"/>, but none mirrored: five times the time.</summary>
    FiveCrop,
}
