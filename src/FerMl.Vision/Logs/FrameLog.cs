using System.Text;
using System.Text.Json;

namespace FerMl.Vision;

/// <summary>
/// A log of results in JSON Lines, one object for each frame. Each line is written completely as its frame is finished, so a log that is
/// cut off contains complete frames.
/// </summary>
public sealed class FrameLog : IDisposable
{
    private const int MaxLineCharacters = 1 << 20;

    private readonly StreamWriter _writer;

    /// <summary>Creates a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    public FrameLog(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.CheckFree(path, overwrite);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>Writes a frame's line.</summary>
    /// <exception cref="IOException">The disk is full or unavailable.</exception>
    public void Write(FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _writer.WriteLine(JsonSerializer.Serialize(LoggedFrame.Of(result), FerMlJson.Line));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>Reads a log, frame by frame. An incomplete last line is skipped.</summary>
    /// <exception cref="VisionException">The file is missing, or a line is invalid.</exception>
    public static IEnumerable<LoggedFrame> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var reader = Open(path);
        for (var number = 1; ReadLine(reader, path, number) is var (line, isComplete) && line.Length > 0; number++)
        {
            LoggedFrame? frame = null;
            try
            {
                frame = JsonSerializer.Deserialize<LoggedFrame>(line, FerMlJson.Line);
            }
            catch (JsonException e)
            {
                if (isComplete)
                    throw new VisionException(
                        $"{path}, line {number}: not a line of a log that FrameLog writes: {e.Message}", e);
            }
            if (frame is null)
                yield break;
            if (frame.Faces is null || !double.IsFinite(frame.Time)
                || frame.Faces.Any(face => face?.Label is null || face.Box?.Count != 4 || face.Scores is null))
                throw new VisionException(
                    $"{path}, line {number}: time, faces, or a face's label, box of four numbers or scores are missing.");
            yield return frame;
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(RegularFile.OpenRead(path), Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VisionException($"{path}: the log can't be read: {e.Message}", e);
        }
    }

    /// <returns>The next line, empty at the end, and whether it ends with a line break.</returns>
    private static (string Line, bool IsComplete) ReadLine(StreamReader reader, string path, int number)
    {
        var line = new StringBuilder();
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            if (next == '\n')
                return (line.ToString(), true);
            line.Append((char)next);
            if (line.Length > MaxLineCharacters)
                throw new VisionException(
                    $"{path}, line {number}: longer than {MaxLineCharacters.Grouped()} characters; not a log that FrameLog writes.");
        }
        return (line.ToString(), false);
    }
}
