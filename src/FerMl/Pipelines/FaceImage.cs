using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace FerMl;

/// <summary>A row of a face data view and the input of a <c>PredictionEngine</c>: an image of one face, any size, color or gray.</summary>
/// <remarks>
/// Rows of a <see cref="FerDataset"/> create their image at first access. The caller that reads the image owns it.
/// </remarks>
public sealed class FaceImage
{
    private readonly FaceSample? _sample;
    private MLImage? _image;

    /// <summary>An empty row, for ML.NET and for object initializers.</summary>
    public FaceImage()
    {
    }

    internal FaceImage(FaceSample sample)
    {
        _sample = sample;
        Label = sample.Label;
        Usage = sample.Usage.ToString();
        Id = sample.Id;
        OwnLabel = sample.OwnEmotion?.ToLabel();
        LacksMajority = sample.LacksMajority;
        if (sample.Votes is { } votes)
            Votes = [.. EmotionTask.Eight.Emotions.Select(emotion => (float)votes[emotion])];
    }

    /// <summary>The image of one face. The size in the attribute is nominal: images of any size are valid.</summary>
    [ImageType(FaceResampler.Side, FaceResampler.Side)]
    public MLImage? Image
    {
        get => _image ??= _sample is { } sample ? FacePixelsMapping.ToImage(sample.Pixels) : null;
        set => _image = value;
    }

    /// <summary>The emotion's label, such as <c>happy</c>; not needed for prediction.</summary>
    public string? Label { get; set; }

    /// <summary>
    /// The data set's own label of the face, if <see cref="Label"/> is the majority of votes. Only training with an auxiliary head needs
    /// it.
    /// </summary>
    public string? OwnLabel { get; set; }

    /// <summary>
    /// Whether <see cref="Label"/> comes from votes without a majority (<see cref="FerLoadOptions.KeepWithoutMajority"/>). Such faces are
    /// for training only, never for validation.
    /// </summary>
    public bool LacksMajority { get; set; }

    /// <summary>The part of FER2013: Training, PublicTest or PrivateTest; not needed for prediction.</summary>
    public string? Usage { get; set; }

    /// <summary>The face's name in its data set; not needed for prediction.</summary>
    public string? Id { get; set; }

    /// <summary>
    /// FER+ votes for the eight emotions, in the order of their codes; all 0 without votes. Only training with soft labels needs them.
    /// </summary>
    [VectorType(8)]
    public float[] Votes { get; set; } = new float[8];
}
