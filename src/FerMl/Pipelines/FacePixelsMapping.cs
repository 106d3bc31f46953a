using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace FerMl;

/// <summary>Maps an image to 2,304 pixel values. ML.NET finds it by its contract name when it loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class FacePixelsMapping : CustomMappingFactory<FacePixelsMapping.Input, FacePixelsMapping.Output>
{
    public const string Contract = "FerMl.FacePixels";

    static FacePixelsMapping() => FacePixelsEstimator.RegisterUsualSizes();

    public sealed class Input
    {
        [ImageType(FaceResampler.Side, FaceResampler.Side)]
        public MLImage? Image { get; set; }
    }

    public sealed class Output
    {
        [VectorType(FaceResampler.PixelCount)]
        public float[]? Pixels { get; set; }
    }

    public override Action<Input, Output> GetMapping() => Map;

    public static void Map(Input input, Output output)
    {
        var image = input.Image
            ?? throw new FaceImageException("A row has no image in its image column; every row needs the image of one face.");
        Span<byte> face = stackalloc byte[FaceResampler.PixelCount];
        ToFace(image, face);
        var pixels = output.Pixels is { Length: FaceResampler.PixelCount } reused ? reused : new float[FaceResampler.PixelCount];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = face[i];
        output.Pixels = pixels;
    }

    public static void ToFace(MLImage image, Span<byte> face)
    {
        if (image.PixelFormat is not (MLPixelFormat.Rgba32 or MLPixelFormat.Bgra32))
            throw new FaceImageException($"An image has the pixel format {image.PixelFormat}; expected Rgba32 or Bgra32.");
        FaceResampler.ResampleColor(image.Pixels, image.Width, image.Height, image.PixelFormat == MLPixelFormat.Rgba32, face);
    }

    public static MLImage ToImage(ReadOnlySpan<byte> face)
    {
        Span<byte> pixels = stackalloc byte[4 * FaceResampler.PixelCount];
        for (var i = 0; i < face.Length; i++)
        {
            pixels[4 * i] = pixels[4 * i + 1] = pixels[4 * i + 2] = face[i];
            pixels[4 * i + 3] = 255;
        }
        var image = MLImage.CreateFromPixels(FaceResampler.Side, FaceResampler.Side, MLPixelFormat.Bgra32, pixels);
        UnmanagedBytes.Count(image, pixels.Length);
        return image;
    }
}
