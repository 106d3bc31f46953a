using System.Globalization;
using System.Text;

namespace FerMl.Vision;

/// <summary>
/// A table of results as CSV (RFC 4180): a row for each face in each frame, written as each frame is finished. Columns: <c>time</c>
/// (seconds), <c>frame</c> (from 0), <c>file</c>, <c>face</c> (its ID), <c>x</c>, <c>y</c>, <c>width</c>, <c>height</c> (pixels),
/// <c>face_score</c> (0..1), <c>roll</c> (degrees, clockwise), <c>label</c>, <c>confidence</c>, and each label's probability.
/// </summary>
public sealed class FaceTable : IDisposable
{
    private readonly StreamWriter _writer;

    /// <summary>Creates a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The model's labels.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    public FaceTable(string path, IReadOnlyList<string> labels, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(labels);
        AtomicFile.CheckFree(path, overwrite);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        Write(["time", "frame", "file", "face", "x", "y", "width", "height", "face_score", "roll", "label", "confidence", .. labels]);
    }

    /// <summary>Writes a frame's rows, one for each face.</summary>
    /// <exception cref="IOException">The disk is full or unavailable.</exception>
    public void Write(FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (var face in result.Faces)
            Write([
                Text(Math.Round(result.Time.TotalSeconds, 3)), Text(result.Number), result.Name, Text(face.Id),
                Text(face.Box.X), Text(face.Box.Y), Text(face.Box.Width), Text(face.Box.Height), Text(face.Score), Text(face.Roll),
                face.Prediction.Label, Text(face.Prediction.Confidence), .. face.Prediction.Scores.Select(score => Text(score.Score)),
            ]);
        _writer.Flush();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    private void Write(IEnumerable<string> cells) => _writer.WriteLine(string.Join(',', cells.Select(Quoted)));

    private static string Quoted(string text)
    {
        var cell = PlainText.Cell(text);
        return cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
