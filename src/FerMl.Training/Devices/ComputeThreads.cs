using System.Diagnostics;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// How many threads libtorch computes with. They wait for each other after every operation, so that one that another program keeps from
/// its processor keeps all others waiting: beside two busy programs on two processors, two threads train a fortieth as fast as before, one
/// alone half as fast (docs/development/performance.md).
/// </summary>
internal sealed class ComputeThreads : IDisposable
{
    /// <summary>The most multiply-adds of a face for which more than one thread isn't worth it: there is too little between two
    /// waits.</summary>
    public const long SmallMultiplyAdds = 5_000_000;

    // Threads that wait turn in circles, so that on an idle machine they seem busy: less than this share of the time on the processors
    // means that others had them.
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

    /// <param name="requested">The threads that were asked for; 0 for as many as go well.</param>
    /// <param name="multiplyAdds">What the network computes for a face.</param>
    /// <param name="clock">Time on the wall, and on the processors by this process; null for the system's.</param>
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

    /// <summary>Looks, now and then, whether the processors are free; called after each step.</summary>
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
