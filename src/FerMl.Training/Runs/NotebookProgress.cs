namespace FerMl.Training;

/// <summary>A training's progress below its cell: a line that is written over after each epoch, with the time that is left.</summary>
/// <param name="epochs">The most epochs.</param>
/// <param name="output">Where it is written.</param>
internal sealed class NotebookProgress(int epochs, TextWriter output) : IProgress<EpochReport>
{
    /// <summary>What the caller gave; in a notebook, where that is nothing, this.</summary>
    public static IProgress<EpochReport>? Or(IProgress<EpochReport>? given, int epochs) =>
        given ?? (Notebook.IsRunning ? new NotebookProgress(epochs, Console.Out) : null);

    public void Report(EpochReport value)
    {
        var left = TimeSpan.FromSeconds(value.Seconds / value.Epoch * (epochs - value.Epoch));
        var accuracy = value.ValidationAccuracy is { } held ? $"validation accuracy {held.Invariant("P1")}"
            : $"accuracy {value.TrainingAccuracy.Invariant("P1")}";
        var line = $"epoch {value.Epoch}/{epochs}: {accuracy}, loss {value.TrainingLoss.Invariant("F3")}; "
            + $"{left.ToString(@"h\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture)} left";
        output.Write(value.Epoch < epochs ? $"\r{line}" : $"\r{line}\n");
    }
}
