namespace FerMl.Vision;

/// <summary>A way in which images of faces get worse.</summary>
public enum Corruption
{
    /// <summary>All pixel values higher, or lower in every other face. Severity: pixel values.</summary>
    Brightness,

    /// <summary>Less contrast about the face's mean. Severity: the share of the contrast that is gone, 0..1.</summary>
    Contrast,

    /// <summary>A head tilted to the right, or to the left in every other face. Severity: degrees.</summary>
    Rotation,

    /// <summary>Out of focus: a Gaussian. Severity: its standard deviation, in pixels of a 48x48 face.</summary>
    Blur,

    /// <summary>Gaussian noise. Severity: its standard deviation, in pixel values.</summary>
    Noise,

    /// <summary>JPEG compression. Severity: 100 less the quality.</summary>
    Jpeg,

    /// <summary>A square of the face's mean gray at a random place. Severity: its share of the area, 0..1.</summary>
    Occlusion,

    /// <summary>A face that was small in the image, enlarged again. Severity: how many times smaller than 48 pixels.</summary>
    SmallFace,

    /// <summary>Little light. Severity: by how much all pixel values are divided.</summary>
    Darkness,

    /// <summary>Another gamma: darker, or brighter in every other face. Severity: the exponent, or one over it.</summary>
    Gamma,

    /// <summary>Too much light. Severity: by how much all pixel values are multiplied; what exceeds 255 is cut off.</summary>
    Overexposure,
}
