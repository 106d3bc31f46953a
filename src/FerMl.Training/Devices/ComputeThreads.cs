using System.Diagnostics;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Chooses the number of libtorch's compute threads. The threads synchronize after every operation, so one that loses its processor to
/// another process delays all others. Next to two busy processes on two processors, two threads train at a fortieth of the normal speed, a
/// single thread at half (docs/development/performance.md).
/// </summary>
internal sealed class ComputeThreads : IDisposable
{
    /// <summary>Maximum MACs per face for a single thread: there is too little work between two synchronizations.</summary>
    public const long SmallMultiplyAdds = 5_000_000;

    // Waiting threads spin, so they use CPU time even when idle. A smaller share of CPU time than this means that other processes use the
    // processors.
    private const double MinShare = 0.7;
    private const int WindowsInARow = 2;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2), Retreat = TimeSpan.FromSeconds(60);

    private readonly int _before = get_num_threads();
    private readonly Func<(TimeSpan Wall, TimeSpan Processor)> _clock;
    private readonly int _all;
    private readonly bool _isFixed;
    private (TimeSpan Wall, TimeSpan Processor) _begin;
    private TimeSpan _until;
    private int _slow;

    /// <param name="requested">The requested number of threads; 0 to choose it automatically.</param>
    /// <param name="multiplyAdds">MACs per face.</param>
    /// <param name="clock">Wall-clock time, and CPU time of this process; null for the system's clocks.</param>
    public ComputeThreads(int requested, long multiplyAdds, Func<(TimeSpan Wall, TimeSpan Processor)>? clock = null)
    {
        var watch = Stopwatch.StartNew();
        _clock = clock ?? (() => (watch.Elapsed, Environment.CpuUsage.TotalTime));
        _all = requested > 0 ? requested : multiplyAdds <= SmallMultiplyAdds ? 1 : _before;
        _isFixed = requested > 0 || _all == 1;
        Now = _all;
        set_num_threads(_all);
        _begin = _clock();
    }

    /// <summary>The threads in use.</summary>
    public int Now { get; private set; }

    /// <summary>Checks periodically whether the processors are free, and adapts the number of threads. Called after each step.</summary>
    public void Observe()
    {
        if (_isFixed)
            return;
        var now = _clock();
        var wall = now.Wall - _begin.Wall;
        if (Now == 1)
        {
            if (now.Wall >= _until)
                Use(_all, now);
            return;
        }
        if (wall < Window)
            return;
        _slow = (now.Processor - _begin.Processor) / wall < MinShare * _all ? _slow + 1 : 0;
        _begin = now;
        if (_slow < WindowsInARow)
            return;
        _until = now.Wall + Retreat;
        Use(1, now);
    }

    public void Dispose() => set_num_threads(_before);

    private void Use(int threads, (TimeSpan, TimeSpan) now)
    {
        (Now, _begin, _slow) = (threads, now, 0);
        set_num_threads(threads);
    }
}
