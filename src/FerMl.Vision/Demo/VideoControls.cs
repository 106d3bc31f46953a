namespace FerMl.Vision;

/// <summary>What the person watching has chosen. A view changes it; <see cref="VideoSession"/> does what it says.</summary>
public sealed class VideoControls
{
    /// <summary>Whether the video stands still.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether a bar is drawn for each score. Default: true.</summary>
    public bool ShowsBars { get; set; } = true;

    /// <summary>Whether only happy, sad and neutral are distinguished, by the same model's scores for these.</summary>
    public bool ShowsThree { get; set; }

    /// <summary>Whether the next frame is to be written to a file of its own.</summary>
    public bool WantsScreenshot { get; set; }

    /// <summary>Whether the next image is to be shown, where images stand for a while.</summary>
    public bool WantsNext { get; set; }
}
