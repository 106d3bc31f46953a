namespace FerMl.Vision;

/// <summary>A way to corrupt an image of a face.</summary>
public enum Corruption
{
    /// <summary>All pixel values raised, or lowered in every other face. Severity: the change in pixel values.</summary>
    Brightness,

    /// <summary>Reduced contrast about the face's mean. Severity: the share of contrast removed, 0..1.</summary>
    Contrast,

    /// <summary>The image rotated one way, or the other way in every other face. Severity: degrees.</summary>
    Rotation,

    /// <summary>Gaussian blur. Severity: its standard deviation, in pixels of a 48x48 face.</summary>
    Blur,

    /// <summary>Gaussian noise. Severity: its standard deviation, in pixel values.</summary>
    Noise,

    /// <summary>JPEG compression. Severity: 100 minus the quality.</summary>
    Jpeg,

    /// <summary>A square of the face's mean pixel value at a random position. Severity: its share of the area, 0..1.</summary>
    Occlusion,

    /// <summary>A face that is downscaled and enlarged again. Severity: how many times smaller than 48 pixels.</summary>
    Downscaling,

    /// <summary>Underexposure. Severity: the divisor of all pixel values.</summary>
    Darkness,

    /// <summary>Gamma correction: darker, or brighter in every other face. Severity: the exponent, or its reciprocal.</summary>
    Gamma,

    /// <summary>Overexposure. Severity: the factor on all pixel values; values above 255 are clipped.</summary>
    Overexposure,
}
