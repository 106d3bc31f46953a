namespace FerMl.Training;

/// <summary>Shows a training's progress below its cell: a line that is overwritten after each epoch, with the remaining time.</summary>
/// <param name="epochs">Maximum number of epochs.</param>
/// <param name="output">The writer for the line.</param>
internal sealed class NotebookProgress(int epochs, TextWriter output) : IProgress<EpochReport>
{
    /// <summary>The caller's progress if given; otherwise, in a notebook, a new instance.</summary>
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
