using System.Diagnostics;

namespace FerMl.Vision;

/// <summary>
/// Reads image files, each a separate scene. They have no frame rate: windows show each for
/// <see cref="VideoSessionOptions.SecondsPerImage"/>, two seconds by default, recordings and timelines for two seconds. Names are in
/// natural order (2 before 10).
/// </summary>
internal sealed class ImageFilesSource(string name, IReadOnlyList<string> files) : IFrameSource
{
    /// <summary>How long an image is shown by default, in seconds.</summary>
    public const double UsualSeconds = 2;

    private readonly List<string> _problems = [];
    private int _next;
    private int _number;
    private bool _isDisposed;

    /// <summary>The image files, in order.</summary>
    public IReadOnlyList<string> Files => files;

    public string Name => name;
    public bool IsLive => false;
    public bool IsContinuous => false;
    public double? FramesPerSecond => null;
    public long? FrameCount => files.Count;

    /// <summary>Opens all images of a folder and its subfolders, ordered by name.</summary>
    public static ImageFilesSource OfFolder(string folder)
    {
        var found = new ImageFolder(folder);
        if (found.Images.Count == 0)
            throw new VisionException(
                $"{folder}: no image ({string.Join(", ", ImageDecoder.Extensions)}) in this folder or below. {found.LeftOut}".TrimEnd());
        var files = found.Images.Select(file => Path.Combine(folder, Path.GetRelativePath(folder, file)))
            .Order(NaturalOrder.Comparer);
        var source = new ImageFilesSource(folder, [.. files]);
        source._problems.AddRange(found.Problems.Select(problem => problem.ToString()));
        if (found.LeftOut is { } leftOut)
            source._problems.Add($"{folder}: {leftOut}");
        return source;
    }

    public IReadOnlyList<string> Problems => _problems;

    public Frame? Read()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (_next < files.Count)
        {
            var begun = Stopwatch.GetTimestamp();
            var file = files[_next++];
            try
            {
                var image = Photo.Read(file);
                return new Frame(image, _number, TimeSpan.FromSeconds(UsualSeconds * _number++), file, begun)
                {
                    DecodeTime = Stopwatch.GetElapsedTime(begun),
                };
            }
            catch (Exception e) when ((e is VisionException or FaceImageException or IOException or UnauthorizedAccessException)
                && files.Count > 1)
            {
                // One unreadable image doesn't stop the others.
                _problems.Add(e.Message);
            }
        }
        return _number > 0 ? null
            : throw new VisionException(
                $"{name}: none of its {files.Count.Counted("image")} can be read; the first: {_problems.FirstOrDefault()}");
    }

    public void Dispose() => _isDisposed = true;
}
