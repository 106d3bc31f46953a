using System.Runtime.InteropServices;

namespace FerMl.Cli;

/// <summary>
/// Ctrl+C and the request to end: the first stops what is under way at its next step, so that it can write its files; a second ends the
/// process now, and so does a step that takes too long, such as a long call of a native library. Files are written whole or not at
/// all, so that none is left half-written either way.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>Within this time a signal is the same request again: <c>timeout</c> signals a process and its group.</summary>
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(500);

    /// <summary>What a stop may take: a training's model is exported and calibrated yet.</summary>
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

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Takes a signal.</summary>
    /// <param name="signal">Which.</param>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/> gives it.</param>
    internal void Take(PosixSignal signal, long now)
    {
        // As shells say that a signal ended a program: 128 and its number.
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
        // Whatever listens may take its time, and the handler is to return.
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
