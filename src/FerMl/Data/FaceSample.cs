using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>A labeled face of a <see cref="FerDataset"/>: a lightweight view of the data set's memory.</summary>
[JsonConverter(typeof(FaceSampleConverter))]
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public readonly struct FaceSample : IHtmlValue
{
    private readonly FerDataset _dataset;

    internal FaceSample(FerDataset dataset, int index) => (_dataset, Index) = (dataset, index);

    /// <summary>Index in the data set, from 0.</summary>
    public int Index { get; }

    /// <summary>The 48x48 pixel values 0..255, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => _dataset.PixelsOf(Index);

    /// <summary>The label, such as <c>happy</c>: from the data set's <see cref="FerDataset.Annotation"/>, or a custom one.</summary>
    public string Label => _dataset.LabelOf(Index);

    /// <summary>The label as an emotion.</summary>
    /// <exception cref="InvalidOperationException">The data set has custom labels (<see cref="FerLoadOptions.CustomLabels"/>).</exception>
    public Emotion Emotion => _dataset.EmotionOf(Index);

    /// <summary>Index of the label in <see cref="FerDataset.Labels"/>.</summary>
    internal int Code => _dataset.CodeOf(Index);

    /// <summary>The data set's own label; null if there are only votes.</summary>
    public Emotion? OwnEmotion => _dataset.OwnEmotionOf(Index);

    /// <summary>Whether the label comes from votes without a majority for an emotion.</summary>
    internal bool LacksMajority => _dataset.Annotation == Annotation.FerPlus && Votes is { Majority: null };

    /// <summary>The part of the data set that the face belongs to.</summary>
    public Usage Usage => _dataset.UsageOf(Index);

    /// <summary>
    /// Name of the face: <c>fer0000012</c> for row 12 (from 0) of a CSV file, in FER+'s format; the path for an image file.
    /// </summary>
    public string Id => _dataset.IdOf(Index);

    /// <summary>The FER+ votes, or null.</summary>
    public EmotionVotes? Votes => _dataset.VotesOf(Index);

    /// <summary>Formats the face with its label and name as HTML for notebooks.</summary>
    public string ToHtml() => _dataset is null ? "" : HtmlImage.OfFace(Pixels, 2 * FaceResampler.Side, Label)
        + $"<br>{PlainText.Html($"{Label}, {Usage}, {Id}")}";
}
