namespace FerMl.Cli;

/// <summary>Converts progress from a number of faces to a fraction.</summary>
internal sealed class FractionProgress(IProgress<double> progress, int count) : IProgress<int>
{
    public void Report(int value) => progress.Report((double)value / count);
}
