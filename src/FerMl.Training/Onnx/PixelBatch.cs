namespace FerMl.Training.Onnx;

/// <summary>A batch of gray images of one size as a network's input.</summary>
/// <param name="Values">Pixel values 0..255, image by image, row by row.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
internal readonly record struct PixelBatch(float[] Values, int Height, int Width)
{
    /// <summary>A batch of faces.</summary>
    /// <param name="faces">2,304 pixel values each.</param>
    public static PixelBatch Of(IEnumerable<byte[]> faces) =>
        Of([.. faces.SelectMany(face => face, (_, level) => (float)level)]);

    /// <inheritdoc cref="Of(IEnumerable{byte[]})"/>
    /// <param name="pixels">Pixel values 0..255, 2,304 per face.</param>
    public static PixelBatch Of(float[] pixels) => new(pixels, FaceResampler.Side, FaceResampler.Side);
}
