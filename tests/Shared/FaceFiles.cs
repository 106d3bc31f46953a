using System.Text;
using SkiaSharp;

namespace FerMl.Tests;

/// <summary>Faces as the files that users have.</summary>
internal static class FaceFiles
{
    /// <summary>A gray PNG with the face's very pixels.</summary>
    public static byte[] Png(ReadOnlySpan<byte> face)
    {
        using var image = SKImage.FromPixelCopy(
            new SKImageInfo(FaceResampler.Side, FaceResampler.Side, SKColorType.Gray8, SKAlphaType.Opaque), face, FaceResampler.Side);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A fer2013.csv with the faces of a data set.</summary>
    public static string Csv(FerDataset dataset)
    {
        var text = new StringBuilder("emotion,pixels,Usage\n");
        foreach (var face in dataset.Samples)
            text.Append((int)face.Emotion).Append(',').AppendJoin(' ', face.Pixels.ToArray()).Append(',').Append(face.Usage).Append('\n');
        return text.ToString();
    }
}
