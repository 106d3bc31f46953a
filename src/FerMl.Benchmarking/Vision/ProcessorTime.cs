using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>This process's time on all processors.</summary>
internal static class ProcessorTime
{
    public static TimeSpan Now
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
}
