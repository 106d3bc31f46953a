namespace FerMl.Vision;

/// <summary>A way in which pictures of faces get worse.</summary>
public enum Distortion
{
    /// <summary>All grey levels higher, or lower in every other face. Strength: grey levels.</summary>
    Brightness,

    /// <summary>Less contrast about the face's mean. Strength: the share of the contrast that is gone, 0..1.</summary>
    Contrast,

    /// <summary>A head tilted to the right, or to the left in every other face. Strength: degrees.</summary>
    Rotation,

    /// <summary>Out of focus: a Gaussian. Strength: its standard deviation, in pixels of a 48x48 face.</summary>
    Blur,

    /// <summary>Gaussian noise. Strength: its standard deviation, in grey levels.</summary>
    Noise,

    /// <summary>JPEG compression. Strength: 100 less the quality.</summary>
    Jpeg,

    /// <summary>A square of the face's mean grey at a random place. Strength: its share of the area, 0..1.</summary>
    Occlusion,

    /// <summary>A face that was small in the picture, enlarged again. Strength: how many times smaller than 48 pixels.</summary>
    SmallFace,
}
