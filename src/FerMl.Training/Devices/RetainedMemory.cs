using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>
/// Makes glibc keep freed tensor memory instead of returning it to the system. A step allocates and frees hundreds of megabytes; otherwise
/// the system clears all these pages again, which takes a fifth of a step (docs/development/performance.md). It does nothing with other C
/// libraries. Disposal restores the default behavior and releases the memory.
/// </summary>
internal sealed class RetainedMemory : IDisposable
{
    // Parameters of mallopt(3), malloc.h.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, MmapMax = -4;

    // Where glibc's dynamic thresholds end up in a process that frees large blocks: 32 MB, and twice that. Once set, they can't be made
    // dynamic again.
    private const int UsualMmapThreshold = 32 << 20, UsualTrimThreshold = 64 << 20, UsualTopPad = 128 << 10, UsualMmapMax = 65_536;

    private static readonly Lock Gate = new();
    private static int s_users;

    private readonly bool _isActive = OperatingSystem.IsLinux() && Start();

    public void Dispose()
    {
        if (!_isActive)
            return;
        lock (Gate)
        {
            if (--s_users > 0)
                return;
            Set(UsualTrimThreshold, UsualTopPad, UsualMmapMax);
            _ = Trim(0);
        }
    }

    private static bool Start()
    {
        lock (Gate)
        {
            try
            {
                if (s_users == 0)
                    Set(trimThreshold: int.MaxValue, topPad: 64 << 20, mmapMax: 0);
                s_users++;
                return true;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                return false;
            }
        }
    }

    private static void Set(int trimThreshold, int topPad, int mmapMax)
    {
        _ = Option(MmapThreshold, UsualMmapThreshold);
        _ = Option(TrimThreshold, trimThreshold);
        _ = Option(TopPad, topPad);
        _ = Option(MmapMax, mmapMax);
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    private static extern int Option(int parameter, int value);

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);
}
