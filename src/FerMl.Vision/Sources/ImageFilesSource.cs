using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>Image files, one after another, each a scene of its own.</summary>
internal sealed class ImageFilesSource(string name, IReadOnlyList<string> files) : IFrameSource
{
    private int _next;

    public string Name => name;
    public bool IsLive => false;
    public bool IsContinuous => false;
    public double? FramesPerSecond => null;
    public long? FrameCount => files.Count;

    /// <summary>All images of a folder and those below it, in the order of their names.</summary>
    public static ImageFilesSource OfFolder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(FaceImageDecoder.HasImageExtension).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? new ImageFilesSource(folder, files)
            : throw new VisionException($"{folder}: no image ({string.Join(", ", FaceImageDecoder.Extensions)}) in this folder or below.");
    }

    public Frame? Read()
    {
        if (_next == files.Count)
            return null;
        var begun = Stopwatch.GetTimestamp();
        var file = files[_next];
        var image = Photo.Read(file);
        return new Frame(image, _next++, TimeSpan.Zero, file, begun) { DecodeTime = Stopwatch.GetElapsedTime(begun) };
    }

    public void Dispose()
    {
    }
}
