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

    /// <summary>The face, and the face shifted by three pixels to each corner, each mirrored too: ten times the time.</summary>
    TenCrop,
}
