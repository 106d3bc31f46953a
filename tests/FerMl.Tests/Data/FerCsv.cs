using System.Text;

namespace FerMl.Tests;

/// <summary>FER2013 files made in memory.</summary>
internal static class FerCsv
{
    public const string Header = "emotion,pixels,Usage";

    public static string Pixels(int level) => string.Join(' ', Enumerable.Repeat(level, FaceResampler.PixelCount));

    public static string Row(int emotion, string usage = "Training", int level = 128) => $"{emotion},{Pixels(level)},{usage}";

    public static string Text(params string[] rows) => string.Join('\n', rows.Prepend(Header)) + "\n";

    /// <summary>A file with the faces of a data set, as FER2013 would have them.</summary>
    public static byte[] Of(FerDataset dataset)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var face in dataset.Samples)
            text.Append((int)face.Emotion).Append(',').AppendJoin(' ', face.Pixels.ToArray()).Append(',').Append(face.Usage).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
