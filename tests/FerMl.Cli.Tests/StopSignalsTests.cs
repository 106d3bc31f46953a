using System.Runtime.InteropServices;

namespace FerMl.Cli.Tests;

public class StopSignalsTests
{
    [Test]
    public void FirstStops_TheSameAgainDoesnt_AnotherEnds()
    {
        var ends = new List<int>();
        using var signals = new StopSignals(ends.Add);
        Assert.That(signals.Token.IsCancellationRequested, Is.False);
        signals.Take(PosixSignal.SIGINT, 1_000);
        Assert.That(signals.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)), Is.True);
        signals.Take(PosixSignal.SIGINT, 1_050);
        signals.Take(PosixSignal.SIGTERM, 1_100);
        Assert.That(ends, Is.Empty);
        signals.Take(PosixSignal.SIGINT, 1_600);
        signals.Take(PosixSignal.SIGTERM, 1_700);
        Assert.That(ends, Is.EqualTo(new[] { 130, 143 }));
    }
}
