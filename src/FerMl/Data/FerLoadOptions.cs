using System.ComponentModel.DataAnnotations;

namespace FerMl;

/// <summary>Options of <see cref="FerDataset.Load"/>: strict by default, with limits that protect against malicious files.</summary>
public sealed record FerLoadOptions : IValidatableObject
{
    /// <summary>
    /// Whether invalid rows and images are skipped and reported in <see cref="FerDataset.Problems"/>, instead of failing the load. Default:
    /// false.
    /// </summary>
    public bool SkipBadRows { get; init; }

    /// <summary>
    /// Additional labels and their emotions, which override FerMl's own: <c>["1"] = Emotion.Surprise</c>. Case is ignored. If a number is
    /// given, all numbers that aren't given are unknown. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, Emotion> Labels { get; init; } = new Dictionary<string, Emotion>();

    /// <summary>Labels whose faces are left out, such as "confused", which isn't an emotion. Default: none.</summary>
    public IReadOnlyCollection<string> IgnoredLabels { get; init; } = [];

    /// <summary>
    /// Whether labels are taken as they are in folders or the table, such as <c>glasses</c> and <c>none</c>; at most 200 labels. Case is
    /// ignored, and spellings of an emotion get that emotion's label. Default: false.
    /// </summary>
    public bool CustomLabels { get; init; }

    /// <summary>
    /// Path of a <c>fer2013new.csv</c> with FER+ votes: row i belongs to row i of <c>fer2013.csv</c>, and to the image file that it names.
    /// Default: none, or the file in the loaded folder.
    /// </summary>
    public string? VotesPath { get; init; }

    /// <summary>
    /// The source of the labels. With <see cref="Annotation.FerPlus"/>, which requires votes, faces without a majority for an emotion are
    /// left out and counted in <see cref="FerDataset.Remarks"/>. Default: the data set's own labels.
    /// </summary>
    [EnumDataType(typeof(Annotation))]
    public Annotation Annotation { get; init; }

    /// <summary>
    /// With <see cref="Annotation.FerPlus"/>: whether training faces without a majority are kept, labeled with the emotion that has the
    /// most votes, for training with the vote distribution as target. Evaluation faces always have a majority. Default: false.
    /// </summary>
    public bool KeepWithoutMajority { get; init; }

    /// <summary>Maximum number of bytes per file after decompression. Default: 1 GiB; FER2013 has 287 MB. At least 1.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Maximum number of images. Default: 500,000, which take 1.15 GB. 1 to 900,000.</summary>
    [Range(1, 900_000)]
    public int MaxImages { get; init; } = 500_000;

    /// <summary>Receives the processed share of the input, 0..1. Default: none.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Checks that no options contradict each other.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var label in IgnoredLabels.Intersect(Labels.Keys, StringComparer.OrdinalIgnoreCase))
            yield return new ValidationResult($"The label '{label}' is both in FerLoadOptions.Labels and in "
                + $"FerLoadOptions.IgnoredLabels; choose one.");
        if (CustomLabels && (Labels.Count > 0 || VotesPath is not null || Annotation != Annotation.Fer2013))
            yield return new ValidationResult(
                "FerLoadOptions.CustomLabels uses labels unchanged; leave out FerLoadOptions.Labels, FerLoadOptions.VotesPath and "
                    + "FerLoadOptions.Annotation, which are for emotions.");
        if (KeepWithoutMajority && Annotation != Annotation.FerPlus)
            yield return new ValidationResult(
                "FerLoadOptions.KeepWithoutMajority is for faces labeled by votes; add FerLoadOptions.Annotation = FerPlus, or leave it "
                    + "out.");
    }
}
