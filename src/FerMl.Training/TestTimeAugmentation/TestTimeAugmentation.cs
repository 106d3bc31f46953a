namespace FerMl.Training;

/// <summary>
/// The augmented images of a face over which a model averages its scores. They are part of the model file, so every user of the model
/// gets them.
/// </summary>
public enum TestTimeAugmentation
{
    /// <summary>Only the face itself.</summary>
    None,

    /// <summary>The face and its mirror image; takes twice the time.</summary>
    Flip,

    /// <summary>
    /// The face and its shifts to the four corners, each also mirrored; takes ten times the time. The shift is the maximum in training with
    /// crops; for entire faces, it is three pixels.
    /// </summary>
    TenCrop,

    /// <summary>Like <see cref="TenCrop"/>, without mirror images; takes five times the time.</summary>
    FiveCrop,

    /// <summary>
    /// The face, and its mirror image zoomed in and out by a twelfth (for crops, by one pixel at each border); takes three times the time.
    /// It achieves most of what any number of views does.
    /// </summary>
    Zoom,
}
