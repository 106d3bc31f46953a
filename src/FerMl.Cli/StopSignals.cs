using System.Runtime.InteropServices;

namespace FerMl.Cli;

/// <summary>
/// Handles Ctrl+C and SIGTERM. The first signal stops the command at its next step, so that it can write its files. A second signal ends
/// the process immediately, as does a step that takes too long, such as a long native call. Files are written atomically, so that none is
/// incomplete either way.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>A signal within this time belongs to the same request: <c>timeout</c> signals a process and its group.</summary>
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(500);

    /// <summary>Maximum time for a stop: a training still exports and calibrates its model.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private readonly Action<int> _end;
    private Timer? _watchdog;
    private long? _first;

    /// <param name="end">Ends the process with an exit code; for tests.</param>
    public StopSignals(Action<int>? end = null)
    {
        _end = end ?? ProcessEnd.Now;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Canceled at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Handles a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="now">The time, from <see cref="Environment.TickCount64"/>.</param>
    internal void Take(PosixSignal signal, long now)
    {
        // The shells' convention for a program ended by a signal: 128 plus the signal number.
        var exitCode = 128 + (signal == PosixSignal.SIGINT ? 2 : 15);
        lock (_gate)
        {
            if (_first is { } first)
            {
                if (now - first >= SameRequest.TotalMilliseconds)
                    _end(exitCode);
                return;
            }
            _first = now;
            _watchdog = new Timer(_ => _end(exitCode), null, Patience, Timeout.InfiniteTimeSpan);
        }
        // Callbacks may take long, but the signal handler must return.
        ThreadPool.QueueUserWorkItem(_ => _stop.Cancel());
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _watchdog?.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        Take(context.Signal, Environment.TickCount64);
    }
}
