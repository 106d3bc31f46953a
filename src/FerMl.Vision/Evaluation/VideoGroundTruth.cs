using System.Text;
using OpenCvSharp;
using Sylvan.Data.Csv;

namespace FerMl.Vision;

/// <summary>The true emotions of a source's faces: from a CSV file, or from the names of the folders that contain the images.</summary>
public sealed class VideoGroundTruth
{
    private const int BufferLength = 1 << 14;
    private const int MaxRows = 5_000_000;

    private readonly Dictionary<long, List<GroundTruthFace>> _byFrame = [];
    private readonly Dictionary<string, List<GroundTruthFace>> _byFile = [];
    private readonly List<(double From, double To, GroundTruthFace Face)> _byTime = [];
    private readonly bool _fromFolders;
    private readonly string _name;

    private VideoGroundTruth(string name, bool fromFolders) => (_name, _fromFolders) = (name, fromFolders);

    /// <summary>Takes each image's label from the nearest parent folder that is named after an emotion, in any usual spelling.</summary>
    public static VideoGroundTruth FromFolders() => new("the names of the folders", fromFolders: true);

    /// <summary>
    /// Reads a CSV file with a row for each face. <c>frame</c> (a frame number from 0), <c>file</c> (an image's name) or <c>from</c> and
    /// <c>to</c> (seconds) select the frames; <c>emotion</c> is the label; <c>x</c>, <c>y</c>, <c>width</c> and <c>height</c>, in pixels,
    /// select the face where a frame shows several.
    /// </summary>
    /// <exception cref="VisionException">The file is missing, not a table, or has an invalid row; the message names the line.</exception>
    public static VideoGroundTruth Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var line = 1;
        try
        {
            using var text = new StreamReader(RegularFile.OpenRead(path), Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength);
            var truth = new VideoGroundTruth(path, fromFolders: false);
            var row = new Row(csv, path);
            while (csv.Read())
            {
                if (++line > MaxRows)
                    throw new VisionException($"{path}: more than {MaxRows.Grouped()} rows.");
                row.AddTo(truth, line);
            }
            return line > 1 ? truth : throw new VisionException($"{path}: the table has no rows.");
        }
        catch (Exception e) when (e is CsvRecordTooLargeException or CsvFormatException or FerDataException)
        {
            throw new VisionException($"{path}, line {line + 1}: not a table of true emotions: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VisionException($"{path}: the true emotions can't be read: {e.Message}", e);
        }
    }

    /// <summary>The ground truth faces of a frame; empty where it has none.</summary>
    public IReadOnlyList<GroundTruthFace> FacesOf(FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_fromFolders)
            return FolderEmotion(result.Name) is { } emotion ? [new GroundTruthFace(emotion, null)] : [];
        return _byFrame.GetValueOrDefault(result.Number)
            ?? _byFile.GetValueOrDefault(result.Name) ?? _byFile.GetValueOrDefault(Path.GetFileName(result.Name))
            ?? [.. _byTime.Where(row => result.Time.TotalSeconds >= row.From && result.Time.TotalSeconds < row.To).Select(row => row.Face)];
    }

    /// <summary>Whether at least one of a source's images has a parent folder named after an emotion.</summary>
    public static bool IsLabeledByFolders(IFrameSource source) =>
        source is ImageFilesSource { Files: var files } && files.Any(file => FolderEmotion(file) is not null);

    /// <summary>Checks that the ground truth belongs to a source, to the extent possible before its frames are read.</summary>
    /// <exception cref="VisionException">The ground truth belongs to another source.</exception>
    internal void RequireOf(IFrameSource source)
    {
        var names = source is ImageFilesSource { Files: var files } ? files : [source.Name];
        if (_fromFolders ? names.Any(name => FolderEmotion(name) is not null) : IsOf(source, names))
            return;
        throw new VisionException(_fromFolders
            ? $"{source.Name}: no folder of its images is named after an emotion; give a table as ground truth, or none."
            : $"{_name}: none of its rows matches a frame of {source.Name}; check frame numbers (from 0), file names or "
                + "times (in seconds).");
    }

    private bool IsOf(IFrameSource source, IReadOnlyList<string> names)
    {
        var seconds = source.FrameCount / source.FramesPerSecond;
        return _byFrame.Keys.Any(frame => frame < (source.FrameCount ?? long.MaxValue))
            || _byTime.Any(row => row.From <= (seconds ?? double.MaxValue))
            || names.Any(name => _byFile.ContainsKey(name) || _byFile.ContainsKey(Path.GetFileName(name)));
    }

    private static Emotion? FolderEmotion(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            if (EmotionNames.TryParse(Path.GetFileName(folder), out var emotion))
                return emotion;
        return null;
    }

    /// <summary>Reads the table's rows by their columns.</summary>
    private sealed class Row
    {
        private readonly CsvRow _row;
        private readonly string _path;

        public Row(CsvDataReader csv, string path)
        {
            (_row, _path) = (new CsvRow(csv, path), path);
            if (!_row.Has("emotion") || !(_row.Has("frame") || _row.Has("file") || (_row.Has("from") && _row.Has("to"))))
                throw _row.WrongColumns("emotion, and frame, file, or from and to");
        }

        public void AddTo(VideoGroundTruth truth, int line)
        {
            var name = _row.Text("emotion", line);
            if (!EmotionNames.TryParse(name, out var emotion))
                throw new VisionException(
                    $"{_path}, line {line}, column emotion: '{CsvTable.Shorten(name)}'; expected one of "
                        + $"{EmotionNames.List}.");
            var box = _row.Has("x") && _row.Has("y") && _row.Has("width") && _row.Has("height")
                ? new Rect((int)_row.Number("x", line), (int)_row.Number("y", line), (int)_row.Number("width", line),
                    (int)_row.Number("height", line))
                : (Rect?)null;
            var face = new GroundTruthFace(emotion, box);
            if (_row.Has("frame"))
                Add(truth._byFrame, (long)_row.Number("frame", line), face);
            else if (_row.Has("file"))
                Add(truth._byFile, _row.Text("file", line), face);
            else
                truth._byTime.Add((_row.Number("from", line), _row.Number("to", line), face));
        }

        private static void Add<T>(Dictionary<T, List<GroundTruthFace>> rows, T key, GroundTruthFace face) where T : notnull
        {
            if (!rows.TryGetValue(key, out var faces))
                rows.Add(key, faces = []);
            faces.Add(face);
        }
    }
}
