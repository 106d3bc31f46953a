namespace FerMl;

/// <summary>A row of a data view of clips, and the input of a <c>PredictionEngine</c> with a clip model.</summary>
public sealed class ClipRow
{
    /// <summary>Pixel values 0..255 of all frames in order, 2,304 each; as many frames as the model expects.</summary>
    public float[] Pixels { get; set; } = [];

    /// <summary>The emotion's label, such as <c>happy</c>; not needed for prediction.</summary>
    public string? Label { get; set; }

    /// <summary>The part of the data: Training, PublicTest or PrivateTest; not needed for prediction.</summary>
    public string? Usage { get; set; }

    /// <summary>The clip's name; not needed for prediction.</summary>
    public string? Id { get; set; }
}
