using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>
/// How each face is changed before the network sees it, differently at every epoch, so that it learns what doesn't depend on the image.
/// Every value has a default that suits FER2013; 0 turns a change off.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Probability that a face is mirrored, 0 to 1. Default: 0.5, since a mirrored face shows the same emotion.</summary>
    [Range(0.0, 1.0)]
    public double Flip { get; init; } = 0.5;

    /// <summary>Largest rotation to either side, in degrees, 0 to 45. Default: 10: heads in FER2013 are nearly upright.</summary>
    [Range(0.0, 45.0)]
    public double Rotation { get; init; } = 10;

    /// <summary>Largest change of size, as a share of it, 0 to 0.5. Default: 0.1: crops differ that much from one another.</summary>
    [Range(0.0, 0.5)]
    public double Scale { get; init; } = 0.1;

    /// <summary>
    /// Largest shift in either direction, in pixels of a 48x48 face, 0 to 24: the random crop of a padded face. Default: 4.
    /// </summary>
    [Range(0.0, 24.0)]
    public double Shift { get; init; } = 4;

    /// <summary>Largest change of brightness, in pixel values, 0 to 128. Default: 20.</summary>
    [Range(0.0, 128.0)]
    public double Brightness { get; init; } = 20;

    /// <summary>Largest change of contrast about the face's mean, as a share of it, 0 to 0.9. Default: 0.2.</summary>
    [Range(0.0, 0.9)]
    public double Contrast { get; init; } = 0.2;

    /// <summary>
    /// Probability that a rectangle of the face is painted over with its mean gray (random erasing: Zhong et al., 2020), 0 to 1. Default:
    /// 0.25.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Erasing { get; init; } = 0.25;

    /// <summary>
    /// Largest share of the face's area that the rectangle covers, 0 to 0.5. Default: 0.2; it covers at least a tenth of that.
    /// </summary>
    [Range(0.0, 0.5)]
    public double ErasingArea { get; init; } = 0.2;

    /// <summary>
    /// Probability that a medical mask, a scarf, sunglasses or a hand is drawn over a part of the face, 0 to 1. With it a network says of a
    /// covered face how little can be seen, instead of taking the mask for an emotion. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Occlusion { get; init; }

    /// <summary>
    /// Mixup (Zhang et al., 2018): faces of a batch are blended in pairs, and their labels with them; the share is drawn from
    /// Beta(alpha, alpha). 0 to 2; 0 for none. Default: 0, because it slows the learning of short trainings.
    /// </summary>
    [Range(0.0, 2.0)]
    public double MixupAlpha { get; init; }

    /// <summary>
    /// CutMix (Yun et al., 2019): faces of a batch trade a rectangle in pairs, and their labels in proportion to its area, which is drawn
    /// from Beta(alpha, alpha). Beside mixup, each mix is of either kind with the same probability. 0 to 2; 0 for none. Default: 0.
    /// </summary>
    [Range(0.0, 2.0)]
    public double CutMixAlpha { get; init; }

    /// <summary>
    /// Whether the share, and the kind where there are two, is drawn for each pair of faces rather than once for a batch: more different
    /// faces in a step. Default: false, as the papers of both have it.
    /// </summary>
    public bool MixesPairwise { get; init; }
}
