using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>
/// Data augmentation: random changes of each training face, different in every epoch, so that the network learns to ignore them. Every
/// value has a default that suits FER2013; 0 turns a change off.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Probability of a horizontal flip, 0 to 1. Default: 0.5, since a mirrored face shows the same emotion.</summary>
    [Range(0.0, 1.0)]
    public double Flip { get; init; } = 0.5;

    /// <summary>Maximum rotation in either direction, in degrees, 0 to 45. Default: 10: heads in FER2013 are nearly upright.</summary>
    [Range(0.0, 45.0)]
    public double Rotation { get; init; } = 10;

    /// <summary>Maximum change of scale, as a fraction, 0 to 0.5. Default: 0.1, since crops differ in scale by that much.</summary>
    [Range(0.0, 0.5)]
    public double Scale { get; init; } = 0.1;

    /// <summary>
    /// Maximum shift in either direction, in pixels of a 48x48 face, 0 to 24, like a random crop of a padded face. Default: 4.
    /// </summary>
    [Range(0.0, 24.0)]
    public double Shift { get; init; } = 4;

    /// <summary>Maximum change of brightness, in pixel values, 0 to 128. Default: 20.</summary>
    [Range(0.0, 128.0)]
    public double Brightness { get; init; } = 20;

    /// <summary>Maximum change of contrast around the face's mean, as a fraction, 0 to 0.9. Default: 0.2.</summary>
    [Range(0.0, 0.9)]
    public double Contrast { get; init; } = 0.2;

    /// <summary>
    /// Probability of random erasing (Zhong et al., 2020), which fills a rectangle with the face's mean gray, 0 to 1. Default: 0.25.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Erasing { get; init; } = 0.25;

    /// <summary>
    /// Maximum fraction of the face's area that random erasing covers, 0 to 0.5; the minimum is a tenth of it. Default: 0.2.
    /// </summary>
    [Range(0.0, 0.5)]
    public double ErasingArea { get; init; } = 0.2;

    /// <summary>
    /// Probability that a medical mask, a scarf, sunglasses or a hand covers part of the face, 0 to 1. The network then learns to be
    /// uncertain about covered faces, instead of taking a mask for an emotion. Default: 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Occlusion { get; init; }

    /// <summary>
    /// Mixup (Zhang et al., 2018): blends pairs of faces of a batch, and their labels, by a ratio from Beta(alpha, alpha). 0 to 2; 0 turns
    /// it off. Default: 0, because short trainings learn more slowly with it.
    /// </summary>
    [Range(0.0, 2.0)]
    public double MixupAlpha { get; init; }

    /// <summary>
    /// CutMix (Yun et al., 2019): pairs of faces of a batch exchange a rectangle, and their labels in proportion to its area, which is
    /// drawn from Beta(alpha, alpha). If mixup is on too, each mix uses either with equal probability. 0 to 2; 0 turns it off. Default: 0.
    /// </summary>
    [Range(0.0, 2.0)]
    public double CutMixAlpha { get; init; }

    /// <summary>
    /// Whether to draw the mixing ratio, and the choice between mixup and CutMix, for each pair of faces instead of once per batch. This
    /// makes batches more varied. Default: false, as in both papers.
    /// </summary>
    public bool MixesPairwise { get; init; }
}
