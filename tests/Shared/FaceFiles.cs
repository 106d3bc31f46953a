using System.Text;
using SkiaSharp;

namespace FerMl.Tests;

/// <summary>Faces in the file formats that users have.</summary>
internal static class FaceFiles
{
    /// <summary>A gray PNG with the face's exact pixels.</summary>
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

    /// <summary>A fer2013new.csv in which each face has eight votes for its label and two for contempt.</summary>
    public static string Votes(FerDataset dataset)
    {
        Emotion[] columns = [Emotion.Neutral, Emotion.Happy, Emotion.Surprise, Emotion.Sad, Emotion.Anger, Emotion.Disgust, Emotion.Fear];
        var text = new StringBuilder("Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n");
        foreach (var face in dataset.Samples)
            text.Append(face.Usage).Append(System.Globalization.CultureInfo.InvariantCulture, $",fer{face.Index:D7}.png,")
                .AppendJoin(',', columns.Select(emotion => face.Emotion == emotion ? 8 : 0)).Append(",2,0,0\n");
        return text.ToString();
    }
}
