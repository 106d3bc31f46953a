using System.Diagnostics;

namespace FerMl.Benchmarking;

/// <summary>Time on all processors by this process.</summary>
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
