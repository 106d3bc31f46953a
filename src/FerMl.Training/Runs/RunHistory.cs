using System.Text;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch.utils;

namespace FerMl.Training;

/// <summary>
/// Writes each epoch when it ends, as a line of <c>history.jsonl</c> and as TensorBoard events, so that the results survive whatever
/// happens next. A run that fails in its first epoch leaves no file. The checkpoint's history is authoritative: on resuming, and at the
/// end, the file is updated to match it.
/// </summary>
internal sealed class RunHistory(string folder, IProgress<EpochReport>? next) : IProgress<EpochReport>, IDisposable
{
    public const string FileName = "history.jsonl";
    public const string EventsFolder = "events";

    private readonly string _path = Path.Combine(folder, FileName);
    private StreamWriter? _writer;
    private SummaryWriter? _events;

    /// <summary>Formats the line of an epoch.</summary>
    public static string Line(EpochReport report) => JsonSerializer.Serialize(report, FerMlJson.Line) + "\n";

    public void Report(EpochReport value)
    {
        if (_writer is null)
        {
            // When resuming, existing lines for this epoch or later ones come from a part that is repeated.
            var kept = File.Exists(_path) ? File.ReadAllLines(_path).TakeWhile(line => EpochOf(line) < value.Epoch).ToArray() : [];
            AtomicFile.WriteText(_path, string.Concat(kept.Select(line => line + "\n")), overwrite: true);
            _writer = new StreamWriter(_path, append: true, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        }
        _writer.Write(Line(value));
        WriteEvents(value);
        next?.Report(value);
    }

    /// <summary>Rewrites the file from the complete history, in case a process was killed between checkpoint and line.</summary>
    public void Complete(IReadOnlyList<EpochReport> history)
    {
        _writer?.Dispose();
        _writer = null;
        AtomicFile.WriteText(_path, string.Concat(history.Select(Line)), overwrite: true);
    }

    public void Dispose() => _writer?.Dispose();

    private void WriteEvents(EpochReport value)
    {
        _events ??= tensorboard.SummaryWriter(Path.Combine(folder, EventsFolder));
        Add("loss/training", value.TrainingLoss);
        Add("loss/validation", value.ValidationLoss);
        Add("accuracy/training", value.TrainingAccuracy);
        Add("accuracy/validation", value.ValidationAccuracy);
        Add("learning rate", value.LearningRate);
        Add("images per second", value.ImagesPerSecond);

        void Add(string name, double? number)
        {
            if (number is { } known)
                _events.add_scalar(name, (float)known, value.Epoch);
        }
    }

    /// <summary>The epoch of a line; the maximum integer if the line is truncated.</summary>
    private static int EpochOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<EpochReport>(line, FerMlJson.Line)?.Epoch ?? int.MaxValue;
        }
        catch (JsonException)
        {
            return int.MaxValue;
        }
    }
}
