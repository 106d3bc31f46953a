namespace FerMl.Tests;

/// <summary>FER2013 files made in memory.</summary>
internal static class FerCsv
{
    public const string Header = "emotion,pixels,Usage";

    public static string Pixels(int level) => string.Join(' ', Enumerable.Repeat(level, FaceResampler.PixelCount));

    public static string Row(int emotion, string usage = "Training", int level = 128) => $"{emotion},{Pixels(level)},{usage}";

    public static string Text(params string[] rows) => string.Join('\n', rows.Prepend(Header)) + "\n";
}
