using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>
/// A log of predictions for large sets of images, with one line of JSON per image. Work resumes after any interruption, even
/// <c>kill -9</c>: each line is one write, a partial last line is removed, and images with a line aren't processed again.
/// </summary>
internal sealed class PredictionLog : IDisposable
{
    private const int LongestLine = 16 << 20;

    private readonly string _model;
    private readonly bool _ofPhotos;
    private readonly FileStream _file;
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    private PredictionLog(string path, string model, bool ofPhotos)
    {
        (Path, _model, _ofPhotos) = (path, model, ofPhotos);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (FileLock.IsHeld(e))
        {
            throw new IOException($"{path}: another run is writing to it; give each a file of its own.", e);
        }
    }

    /// <summary>Path of the log.</summary>
    public string Path { get; }

    /// <summary>Whether an image couldn't be read or scored.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Number of images in the log when it was opened.</summary>
    public int Done { get; private set; }

    /// <summary>Opens or creates a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model's name, which must match the existing lines.</param>
    /// <param name="ofPhotos">Whether faces are detected in photos.</param>
    /// <exception cref="IOException">The file is in use, can't be written, isn't a log, or is a log of other predictions.</exception>
    public static PredictionLog Open(string path, string model, bool ofPhotos)
    {
        var log = new PredictionLog(path, model, ofPhotos);
        try
        {
            log.ReadDone();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Whether the log contains an image.</summary>
    public bool Has(string file) => _done.Contains(file);

    /// <summary>Writes the line of an image.</summary>
    public void Write(string file, IEnumerable<(FaceResult? Seen, EmotionPrediction Prediction)> faces, string? error)
    {
        var line = Encoding.UTF8.GetBytes(Line(file, _model, _ofPhotos, faces, error) + "\n");
        lock (_lock)
        {
            HasErrors |= error is not null;
            // A single write, so that a kill leaves at most a partial last line.
            _file.Write(line);
            _file.Flush();
        }
    }

    /// <summary>The result for an image as a line of JSON.</summary>
    public static string Line(
        string file, string model, bool ofPhotos, IEnumerable<(FaceResult? Seen, EmotionPrediction Prediction)> faces, string? error)
    {
        if (error is not null)
            return JsonSerializer.Serialize(new { file, model, error }, FerMlJson.Line);
        if (ofPhotos)
            return JsonSerializer.Serialize(new
            {
                file,
                model,
                faces = faces.Select(face => new
                {
                    Face = face.Seen!.Id,
                    Box = (int[])[face.Seen.Box.X, face.Seen.Box.Y, face.Seen.Box.Width, face.Seen.Box.Height],
                    FaceScore = face.Seen.Score,
                    face.Seen.Roll,
                    face.Prediction.Label,
                    face.Prediction.Confidence,
                    Scores = face.Prediction.ScoresByLabel(),
                }),
            }, FerMlJson.Line);
        var prediction = faces.First().Prediction;
        return JsonSerializer.Serialize(
            new { file, model, prediction.Label, prediction.Confidence, Scores = prediction.ScoresByLabel() }, FerMlJson.Line);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Reads which images have a line, and removes a partial last line.</summary>
    private void ReadDone()
    {
        var (complete, number) = (0L, 0);
        var line = new List<byte>();
        // Not disposed, because the file stays open.
        var reader = new BufferedStream(_file, 1 << 16);
        for (int next; (next = reader.ReadByte()) >= 0;)
        {
            line.Add((byte)next);
            if (line.Count > LongestLine)
                throw new IOException($"{Path}, line {number + 1}: longer than a line of predictions can be; give another --out.");
            if (next != '\n')
                continue;
            number++;
            _done.Add(FileOf(line, number));
            complete += line.Count;
            line.Clear();
        }
        // Remove the remainder only if it is the start of a log line, so that no other content is lost.
        var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line);
        var head = "{\"file\":\""u8;
        if (!(rest.Length < head.Length ? head.StartsWith(rest) : rest.StartsWith(head)))
            throw new IOException($"{Path}: not written by 'ferml predict --out', or changed at its end; give another --out.");
        _file.SetLength(complete);
        _file.Seek(0, SeekOrigin.End);
        Done = _done.Count;
    }

    private string FileOf(List<byte> line, int number)
    {
        JsonObject? said = null;
        try
        {
            said = JsonNode.Parse(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line)) as JsonObject;
        }
        catch (JsonException)
        {
            // Reported below.
        }
        if (said?["file"] is not JsonValue file || !file.TryGetValue(out string? name) || said["model"] is not JsonValue model
            || !model.TryGetValue(out string? modelName))
            throw new IOException($"{Path}, line {number}: not a line of 'ferml predict --out'; give another --out.");
        HasErrors |= said["error"] is not null;
        if (modelName != _model || said["error"] is null && said.ContainsKey("faces") != _ofPhotos)
            throw new IOException($"{Path}, line {number}: from {modelName}, {(said.ContainsKey("faces") ? "with" : "without")} --faces; "
                + "resume with the same, or give another --out.");
        return name;
    }
}
