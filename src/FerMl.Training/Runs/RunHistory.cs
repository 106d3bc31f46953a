using System.Text;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch.utils;

namespace FerMl.Training;

/// <summary>
/// Writes each epoch as it ends, as a line of <c>history.jsonl</c> and as TensorBoard events, so that what was trained is known whatever
/// happens next. A run that fails before its first epoch ends leaves no file. The checkpoint's history is the truth: on resuming, and at
/// the end, the file is made to agree with it.
/// </summary>
internal sealed class RunHistory(string folder, IProgress<EpochReport>? next) : IProgress<EpochReport>, IDisposable
{
    public const string FileName = "history.jsonl";
    public const string EventsFolder = "events";

    private readonly string _path = Path.Combine(folder, FileName);
    private StreamWriter? _writer;
    private SummaryWriter? _events;

    /// <summary>The line of an epoch.</summary>
    public static string Line(EpochReport report) => JsonSerializer.Serialize(report, FerMlJson.Line) + "\n";

    public void Report(EpochReport value)
    {
        if (_writer is null)
        {
            // Going on after epoch n: a line that is there already for this epoch or a later one is of a part that was done again.
            var kept = File.Exists(_path) ? File.ReadAllLines(_path).TakeWhile(line => EpochOf(line) < value.Epoch).ToArray() : [];
            AtomicFile.WriteText(_path, string.Concat(kept.Select(line => line + "\n")), overwrite: true);
            _writer = new StreamWriter(_path, append: true, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true };
        }
        _writer.Write(Line(value));
        WriteEvents(value);
        next?.Report(value);
    }

    /// <summary>Makes the file agree with the whole history, in case a process was killed between checkpoint and line.</summary>
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

    /// <summary>The epoch of a line, or one past all for a line that was cut short.</summary>
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
