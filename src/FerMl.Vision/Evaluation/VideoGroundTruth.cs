using System.Globalization;
using System.Text;
using OpenCvSharp;
using Sylvan.Data.Csv;

namespace FerMl.Vision;

/// <summary>
/// Which emotions the faces of a source really show: from a CSV file, or from the names of the folders that images lie in.
/// </summary>
public sealed class VideoGroundTruth
{
    private const int BufferLength = 1 << 14;
    private const int MaxRows = 5_000_000;

    private readonly Dictionary<long, List<GroundTruthFace>> _byFrame = [];
    private readonly Dictionary<string, List<GroundTruthFace>> _byFile = [];
    private readonly List<(double From, double To, GroundTruthFace Face)> _byTime = [];
    private readonly bool _fromFolders;

    private VideoGroundTruth(bool fromFolders) => _fromFolders = fromFolders;

    /// <summary>The nearest folder above an image that is named after an emotion tells it, in any usual spelling.</summary>
    public static VideoGroundTruth FromFolders() => new(fromFolders: true);

    /// <summary>
    /// Reads a table. A row is a face: <c>frame</c> (a frame's number from 0), <c>file</c> (an image's name) or <c>from</c> and <c>to</c>
    /// (seconds) say where; <c>emotion</c> says what; <c>x</c>, <c>y</c>, <c>width</c> and <c>height</c>, in pixels, which face, where
    /// there are several.
    /// </summary>
    /// <exception cref="VisionException">It is missing, no such table, or a row is wrong; the message names the line.</exception>
    public static VideoGroundTruth Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var line = 1;
        try
        {
            using var text = new StreamReader(path, Encoding.UTF8);
            using var csv = CsvTable.Open(text, BufferLength);
            var truth = new VideoGroundTruth(fromFolders: false);
            var row = new Row(csv, path);
            while (csv.Read())
            {
                if (++line > MaxRows)
                    throw new VisionException($"{path}: more than {MaxRows.Grouped()} rows.");
                row.AddTo(truth, line);
            }
            return line > 1 ? truth : throw new VisionException($"{path}: a table without rows.");
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

    /// <summary>The faces that a frame shows; empty where nothing is known of it.</summary>
    public IReadOnlyList<GroundTruthFace> FacesOf(FrameResult seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (_fromFolders)
            return FolderEmotion(seen.Name) is { } emotion ? [new GroundTruthFace(emotion, null)] : [];
        return _byFrame.GetValueOrDefault(seen.Number)
            ?? _byFile.GetValueOrDefault(seen.Name) ?? _byFile.GetValueOrDefault(Path.GetFileName(seen.Name))
            ?? [.. _byTime.Where(row => seen.Time.TotalSeconds >= row.From && seen.Time.TotalSeconds < row.To).Select(row => row.Face)];
    }

    private static Emotion? FolderEmotion(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            if (EmotionNames.TryParse(Path.GetFileName(folder), out var emotion))
                return emotion;
        return null;
    }

    /// <summary>The columns of the table, and how a row is read by them.</summary>
    private sealed class Row
    {
        private readonly CsvDataReader _csv;
        private readonly string _path;
        private readonly string[] _header;

        public Row(CsvDataReader csv, string path)
        {
            (_csv, _path) = (csv, path);
            _header = [.. Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetName(i).Trim().ToLowerInvariant())];
            if (!Has("emotion") || !(Has("frame") || Has("file") || (Has("from") && Has("to"))))
                throw new VisionException(
                    $"{path}, line 1: the columns are {CsvTable.Shorten(string.Join(", ", _header))}; expected emotion, and frame, file, "
                        + $"or from and to.");
        }

        public void AddTo(VideoGroundTruth truth, int line)
        {
            var name = Text("emotion", line);
            if (!EmotionNames.TryParse(name, out var emotion))
                throw new VisionException(
                    $"{_path}, line {line}, column emotion: '{CsvTable.Shorten(name)}'; expected one of "
                        + $"{string.Join(", ", EmotionTask.Seven.Labels)}.");
            var box = Has("x") && Has("y") && Has("width") && Has("height")
                ? new Rect((int)Number("x", line), (int)Number("y", line), (int)Number("width", line), (int)Number("height", line))
                : (Rect?)null;
            var face = new GroundTruthFace(emotion, box);
            if (Has("frame"))
                Add(truth._byFrame, (long)Number("frame", line), face);
            else if (Has("file"))
                Add(truth._byFile, Text("file", line), face);
            else
                truth._byTime.Add((Number("from", line), Number("to", line), face));
        }

        private static void Add<T>(Dictionary<T, List<GroundTruthFace>> rows, T key, GroundTruthFace face) where T : notnull
        {
            if (!rows.TryGetValue(key, out var faces))
                rows.Add(key, faces = []);
            faces.Add(face);
        }

        private bool Has(string column) => Array.IndexOf(_header, column) >= 0;

        private string Text(string column, int line)
        {
            var place = Array.IndexOf(_header, column);
            return place < _csv.RowFieldCount ? _csv.GetString(place).Trim()
                : throw new VisionException($"{_path}, line {line}: {_csv.RowFieldCount} fields; expected {_header.Length}.");
        }

        private double Number(string column, int line)
        {
            var text = Text(column, line);
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1e9
                ? number
                : throw new VisionException(
                    $"{_path}, line {line}, column {column}: '{CsvTable.Shorten(text)}'; expected a number from 0.");
        }
    }
}
