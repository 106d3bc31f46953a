namespace FerMl.Vision;

/// <summary>The user's choices. A view changes them; <see cref="VideoSession"/> applies them.</summary>
public sealed class VideoControls
{
    /// <summary>Whether the video is paused.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether a bar is drawn for each score. Default: true.</summary>
    public bool ShowsBars { get; set; } = true;

    /// <summary>Whether only happy, sad and neutral are distinguished, by the same model's scores for them.</summary>
    public bool ShowsThree { get; set; }

    /// <summary>Whether to save the next frame as a screenshot.</summary>
    public bool WantsScreenshot { get; set; }

    /// <summary>Whether to show the next image now, where each is shown for some time.</summary>
    public bool WantsNext { get; set; }
}
