using System.Collections;
using System.Text.RegularExpressions;

namespace FerMl;

/// <summary>
/// Loads clips from folders named by emotion, optionally inside folders named by usage: <c>train/happy/clip1/*.png</c> (frames ordered by
/// name, numbers by value) or, with a video reader, <c>train/happy/clip2.mp4</c>. Usage and emotion are detected as for single faces
/// (<see cref="FerDataset.Load"/>).
/// </summary>
public static partial class ClipFolder
{
    private static readonly string[] Videos = [".mp4", ".avi", ".mkv", ".mov", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv"];

    /// <summary>Lists the clips of a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">
    /// How labels are read. With <see cref="FerLoadOptions.SkipBadRows"/>, clips outside folders named by emotion and clips that can't be
    /// read are left out; this reads each clip once here. Otherwise, clips are read later.
    /// </param>
    /// <param name="readVideo">Reads the frames of a video's face, given its path; without it, videos are rejected.</param>
    /// <exception cref="FerDataException">
    /// There is no such folder, a clip isn't in a folder named by emotion, or there are no clips.
    /// </exception>
    public static ClipDataset Load(
        string path, FerLoadOptions? options = null, Func<string, IReadOnlyList<byte[]>>? readVideo = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new FerLoadOptions();
        OptionsValidator.Check(options);
        if (!Directory.Exists(path))
            throw new FerDataException(
                $"{path}: no such folder; clips are folders of frames, or videos, in folders named by emotion: train/happy/clip1/*.png.");
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.GetFileName(root);
        var files = new ImageFolder(root, isImage: file => ImageDecoder.HasImageExtension(file) || IsVideo(file));
        var problems = new DataProblems();
        foreach (var problem in files.Problems)
            problems.Add(problem);
        Found[] found =
        [
            .. files.Images.Where(file => !IsVideo(file)).GroupBy(file => Path.GetDirectoryName(file)!)
                .Select(frames => new Found(frames.Key, () => new Frames(frames))),
            .. files.Images.Where(IsVideo).Select(video => new Found(video, () => readVideo!(video))),
        ];
        var labels = new LabelReader(options);
        var label = labels.ForFolders(found.Select(clip => Parts(root, clip.Path) is [.., var folder, _] ? folder : "").Distinct());
        var clips = new List<FaceClip>();
        foreach (var clip in found.OrderBy(clip => clip.Path, StringComparer.Ordinal))
        {
            var parts = Parts(root, clip.Path);
            var shown = Path.GetRelativePath(root, clip.Path);
            var (isKnown, emotion) = parts.Length < 2 ? default : label(parts[^2]);
            if (!isKnown)
                problems.Add(new DataProblem(shown, 0, "",
                    $"is in folder '{(parts.Length < 2 ? "" : parts[^2])}'; expected one named by emotion, in which each clip is a "
                        + $"folder of frames: {EmotionNames.List}"), LabelReader.Remedy);
            else if (IsVideo(clip.Path) && readVideo is null)
                problems.Add(new DataProblem(shown, 0, "", "is a video, which can't be read here; give a folder of its frames as images"));
            else if (emotion is { } known)
                clips.Add(new FaceClip(shown, known, ImageFolderReader.UsageOf(parts), clip.Read));
        }
        if (options.SkipBadRows)
            clips = LeaveOutDamaged(clips, problems);
        if (problems.Total > 0 && (!options.SkipBadRows || clips.Count == 0))
            throw new FerDataException(name, problems);
        string?[] remarks =
        [
            problems.Total > 0 ? $"{problems.Total.Counted("problem")}; affected clips are left out: {string.Join("; ", problems.Take(5))}"
                : null,
            files.LeftOut, labels.NumbersRead,
        ];
        return clips.Count > 0 ? new ClipDataset(name, clips, [.. remarks.OfType<string>()]) : throw new FerDataException(
            $"{path}: holds no clips; a clip is a folder of frames, or a video, in a folder named by emotion: train/happy/clip1/*.png.");
    }

    private static List<FaceClip> LeaveOutDamaged(List<FaceClip> clips, DataProblems problems)
    {
        var readable = new List<FaceClip>();
        foreach (var clip in clips)
            try
            {
                clip.ReadFrames();
                readable.Add(clip);
            }
            catch (FerDataException e)
            {
                var (name, message) = ($"{clip.Name}: ", e.Message);
                problems.Add(new DataProblem(
                    clip.Name, 0, "", message.StartsWith(name, StringComparison.Ordinal) ? message[name.Length..] : message));
            }
        return readable;
    }

    /// <summary>The clips in a folder and its subfolders, regardless of labels: folders with images, and videos.</summary>
    /// <param name="folder">The folder.</param>
    internal static IReadOnlyList<string> PathsIn(string folder) =>
    [
        .. new ImageFolder(folder, isImage: file => ImageDecoder.HasImageExtension(file) || IsVideo(file)).Images
            .Select(file => IsVideo(file) ? file : Path.GetDirectoryName(file)!).Distinct()
            // Prefixed with the folder as given, so that a clip has the same name each time.
            .Select(path => Path.GetRelativePath(folder, path))
            .Select(path => path == "." ? Path.TrimEndingDirectorySeparator(folder) : Path.Combine(folder, path))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsVideo(string path) => Videos.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The path's parts, with the root folder and its parent, as for images: the root may be the "train" of the layout.</summary>
    private static string[] Parts(string root, string path)
    {
        var above = Path.GetDirectoryName(Path.GetDirectoryName(root)) ?? Path.GetPathRoot(root)!;
        return Path.GetRelativePath(above, path).Replace('\\', '/').Split('/');
    }

    /// <summary>The frames of a clip: the images in a folder, ordered by name. Each is read lazily.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>
    /// 2,304 pixel values per frame, none without images. A damaged one throws <see cref="FaceImageException"/> when read.
    /// </returns>
    public static IReadOnlyList<byte[]> FramesOf(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new Frames(new ImageFolder(folder, depth: 0).Images);
    }

    private sealed partial class Frames(IEnumerable<string> files) : IReadOnlyList<byte[]>
    {
        // Natural order, frame2 before frame10: not all video tools pad frame numbers with zeros.
        private readonly string[] _files =
            [.. files.OrderBy(file => Number().Replace(file, number => number.Value.PadLeft(20, '0')), StringComparer.Ordinal)];

        public int Count => _files.Length;

        public byte[] this[int index]
        {
            get
            {
                var face = new byte[FaceResampler.PixelCount];
                FaceImageDecoder.DecodeFile(_files[index], face);
                return face;
            }
        }

        public IEnumerator<byte[]> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        [GeneratedRegex("[0-9]{1,19}")]
        private static partial Regex Number();
    }

    private sealed record Found(string Path, Func<IReadOnlyList<byte[]>> Read);
}
