namespace FerMl.Detection;

/// <summary>A training batch of crops: half of them faces, half not.</summary>
internal sealed class VerificationBatch
{
    public const int Size = 128;

    /// <summary>Pixel values, [crops, 1, 48, 48].</summary>
    public float[] Pixels { get; } = new float[Size * FaceResampler.PixelCount];

    /// <summary>1 for a face, 0 for none.</summary>
    public float[] Targets { get; } = new float[Size];

    /// <summary>The background region of each crop's scene, null for a generated texture.</summary>
    public BackgroundPart?[] Backgrounds { get; } = new BackgroundPart?[Size];

    /// <summary>Sets a crop of the batch.</summary>
    public void Set(int place, byte[] pixels, bool isFace, BackgroundPart? background)
    {
        (Targets[place], Backgrounds[place]) = (isFace ? 1 : 0, background);
        for (var i = 0; i < pixels.Length; i++)
            Pixels[place * pixels.Length + i] = pixels[i];
    }
}
