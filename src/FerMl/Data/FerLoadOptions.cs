using System.ComponentModel.DataAnnotations;

namespace FerMl;

/// <summary>
/// How <see cref="FerDataset.Load"/> reads: strictly unless told otherwise, and within limits that a hostile file can't push.
/// </summary>
public sealed record FerLoadOptions : IValidatableObject
{
    /// <summary>
    /// Whether bad rows and images are dropped and reported in <see cref="FerDataset.Problems"/> instead of ending the load. Default:
    /// false.
    /// </summary>
    public bool SkipBadRows { get; init; }

    /// <summary>
    /// What labels stand for that FerMl doesn't know, or knows as another: <c>["1"] = Emotion.Surprise</c>. Upper and lower case are
    /// the same. Where a number is named, numbers that aren't are unknown. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, Emotion> Labels { get; init; } = new Dictionary<string, Emotion>();

    /// <summary>Labels whose faces are left out, such as "confused", which is none of the emotions. Default: none.</summary>
    public IReadOnlyCollection<string> IgnoredLabels { get; init; } = [];

    /// <summary>
    /// Whether labels are whatever the folders or the table say, such as <c>glasses</c> and <c>none</c>, instead of emotions; at most 200
    /// different ones. Upper and lower case are the same, and what names an emotion gets that emotion's label. Default: false.
    /// </summary>
    public bool CustomLabels { get; init; }

    /// <summary>
    /// Path of a <c>fer2013new.csv</c> with FER+ votes: row i belongs to row i of <c>fer2013.csv</c>, and to the image file that it names.
    /// Default: none, or the one in the folder that is loaded.
    /// </summary>
    public string? VotesPath { get; init; }

    /// <summary>
    /// Whose labels the faces have. With <see cref="Annotation.FerPlus"/>, which needs votes, faces without a majority for an emotion are
    /// left out and counted in <see cref="FerDataset.Remarks"/>. Default: the data set's own.
    /// </summary>
    [EnumDataType(typeof(Annotation))]
    public Annotation Annotation { get; init; }

    /// <summary>
    /// With <see cref="Annotation.FerPlus"/>: whether Training keeps its faces without a majority, labeled with the emotion that has the
    /// most votes, for trainings towards the distribution of the votes. Faces to evaluate on always have a majority. Default: false.
    /// </summary>
    public bool KeepWithoutMajority { get; init; }

    /// <summary>The most bytes that are read of one file after decompression. Default: 1 GiB; FER2013 has 287 MB. At least 1.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The most images that are read. Default: 500,000, which take 1.15 GB. 1 to 900,000.</summary>
    [Range(1, 900_000)]
    public int MaxImages { get; init; } = 500_000;

    /// <summary>Receives the share of the input that has been read, 0..1. Default: none.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Whether no label is both named and ignored.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var label in IgnoredLabels.Intersect(Labels.Keys, StringComparer.OrdinalIgnoreCase))
            yield return new ValidationResult($"The label '{label}' is both in FerLoadOptions.Labels and in "
                + $"FerLoadOptions.IgnoredLabels; choose one.");
        if (CustomLabels && (Labels.Count > 0 || VotesPath is not null || Annotation != Annotation.Fer2013))
            yield return new ValidationResult(
                "FerLoadOptions.CustomLabels takes labels as they are; leave out FerLoadOptions.Labels, FerLoadOptions.VotesPath and "
                    + "FerLoadOptions.Annotation, which are for emotions.");
        if (KeepWithoutMajority && Annotation != Annotation.FerPlus)
            yield return new ValidationResult(
                "FerLoadOptions.KeepWithoutMajority is for faces labeled by votes; add FerLoadOptions.Annotation = FerPlus, or leave it "
                    + "out.");
    }
}
