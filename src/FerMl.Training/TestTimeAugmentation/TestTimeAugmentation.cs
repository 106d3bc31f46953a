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

    /// <summary>
    /// The face, and mirrored a twelfth nearer and a twelfth farther (of crops, a pixel at each border): three times the time. It brings
    /// most of what any number of views brings.
    /// </summary>
    Zoom,
}
