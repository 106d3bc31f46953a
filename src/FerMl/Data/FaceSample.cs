using System.Text.Json.Serialization;

namespace FerMl;

/// <summary>One labeled face of a <see cref="FerDataset"/>: a view of the data set's own memory, free to make.</summary>
[JsonConverter(typeof(FaceSampleConverter))]
[TypeFormatterSource(typeof(NotebookFormatterSource))]
public readonly struct FaceSample : IHtmlValue
{
    private readonly FerDataset _dataset;

    internal FaceSample(FerDataset dataset, int index) => (_dataset, Index) = (dataset, index);

    /// <summary>Position in the data set, from 0.</summary>
    public int Index { get; }

    /// <summary>The 48x48 pixel values 0..255, row by row.</summary>
    public ReadOnlySpan<byte> Pixels => _dataset.PixelsOf(Index);

    /// <summary>The label, such as <c>happy</c>: of the data set's <see cref="FerDataset.Annotation"/>, or a custom one.</summary>
    public string Label => _dataset.LabelOf(Index);

    /// <summary>The label as an emotion.</summary>
    /// <exception cref="InvalidOperationException">The data set has custom labels (<see cref="FerLoadOptions.CustomLabels"/>).</exception>
    public Emotion Emotion => _dataset.EmotionOf(Index);

    /// <summary>Position of the label among <see cref="FerDataset.Labels"/>.</summary>
    internal int Code => _dataset.CodeOf(Index);

    /// <summary>The label that the data set itself gives; null where votes are all there is.</summary>
    public Emotion? OwnEmotion => _dataset.OwnEmotionOf(Index);

    /// <summary>Whether the label is of votes that have no majority for an emotion.</summary>
    internal bool LacksMajority => _dataset.Annotation == Annotation.FerPlus && Votes is { Majority: null };

    /// <summary>The part of the data set that the face belongs to.</summary>
    public Usage Usage => _dataset.UsageOf(Index);

    /// <summary>
    /// Name of the face: <c>fer0000012</c> for the row 12 (from 0) of a CSV file, as FER+ numbers them; the path for an image file.
    /// </summary>
    public string Id => _dataset.IdOf(Index);

    /// <summary>The FER+ votes, or null where none are attached.</summary>
    public EmotionVotes? Votes => _dataset.VotesOf(Index);

    /// <summary>The face with its label and name, as HTML: what notebooks show.</summary>
    public string ToHtml() => _dataset is null ? "" : HtmlImage.OfFace(Pixels, 2 * FaceResampler.Side, Label)
        + $"<br>{PlainText.Html($"{Label}, {Usage}, {Id}")}";
}
