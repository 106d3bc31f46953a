namespace FerMl.Cli;

/// <summary>Tells progress as a share where a number of faces is reported.</summary>
internal sealed class FractionProgress(IProgress<double> progress, int count) : IProgress<int>
{
    public void Report(int value) => progress.Report((double)value / count);
}
