using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>Which changed faces teachers score for students to learn from.</summary>
public sealed record TeacherViewsOptions : IValidatableObject
{
    /// <summary>
    /// How faces are changed: what the students' options have. Mixup and CutMix don't matter. Default: the default changes.
    /// </summary>
    [Required]
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// Width and height of the crops that the students see (<see cref="EmotionTrainerOptions.CropSize"/>), in pixels. The teachers see the
    /// rest of the face around the crop, too. An even number from 24 to 48. Default: 48.
    /// </summary>
    [Range(24, 48)]
    public int CropSize { get; init; } = FaceResampler.Side;

    /// <summary>Views of each face: more teach more, and take longer. 1 to 64. Default: 8.</summary>
    [Range(1, 64)]
    public int Views { get; init; } = 8;

    /// <summary>Seed of the changes. Any number. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Receives the number of views that are scored, of all faces. Default: none.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>Stops between views. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (CropSize % 2 != 0)
            yield return new ValidationResult($"The field {nameof(CropSize)} must be an even number.", [nameof(CropSize)]);
    }
}
