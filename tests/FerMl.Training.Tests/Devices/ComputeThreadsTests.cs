using static TorchSharp.torch;

namespace FerMl.Training.Tests;

/// <summary>Uses simulated clocks; the measurements are in docs/development/performance.md.</summary>
[NonParallelizable]
public class ComputeThreadsTests
{
    private TimeSpan _wall, _processor;
    private int _before;

    [SetUp]
    public void SetUp()
    {
        (_wall, _processor, _before) = (default, default, get_num_threads());
        set_num_threads(4);
    }

    [TearDown]
    public void TearDown() => set_num_threads(_before);

    [Test]
    public void Observe_WhileOthersHaveTheProcessors_UsesOneThread_AndTriesAgainLater()
    {
        using var threads = Threads(0);
        Pass(threads, seconds: 20, share: 0.95);
        Assert.That(get_num_threads(), Is.EqualTo(4), "the processors are free");
        Pass(threads, seconds: 5, share: 0.4);
        Assert.That((threads.Now, get_num_threads()), Is.EqualTo((1, 1)), "they are busy");
        Pass(threads, seconds: 50, share: 0.25);
        Assert.That(threads.Now, Is.EqualTo(1));
        Pass(threads, seconds: 20, share: 0.95);
        Assert.That((threads.Now, get_num_threads()), Is.EqualTo((4, 4)), "they are free again");
    }

    [Test]
    public void Observe_AShortDisturbance_ChangesNothing()
    {
        using var threads = Threads(0);
        Pass(threads, seconds: 2.2, share: 0.95);
        Pass(threads, seconds: 2, share: 0.3);
        Pass(threads, seconds: 10, share: 0.95);
        Assert.That(threads.Now, Is.EqualTo(4));
    }

    [Test]
    public void New_NumberThatWasAskedFor_IsKept_AndThatBeforeComesBack()
    {
        using (var threads = Threads(3))
        {
            Pass(threads, seconds: 60, share: 0.1);
            Assert.That(get_num_threads(), Is.EqualTo(3));
        }
        Assert.That(get_num_threads(), Is.EqualTo(4));
    }

    [Test]
    public void New_SmallNetwork_HasOneThread()
    {
        using var threads = new ComputeThreads(0, NetworkPreset.Tiny.Network(new(0)).MultiplyAdds);
        Assert.That(get_num_threads(), Is.EqualTo(1));
        using var larger = new ComputeThreads(0, NetworkPreset.Fast.Network(new(0)).MultiplyAdds);
        Assert.That(NetworkPreset.Fast.Network(new(0)).MultiplyAdds, Is.GreaterThan(ComputeThreads.SmallMultiplyAdds));
    }

    private ComputeThreads Threads(int requested) => new(requested, 100_000_000, () => (_wall, _processor));

    private void Pass(ComputeThreads threads, double seconds, double share)
    {
        for (var step = 0; step < seconds * 10; step++)
        {
            _wall += TimeSpan.FromSeconds(0.1);
            _processor += TimeSpan.FromSeconds(0.1 * share * threads.Now);
            threads.Observe();
        }
    }
}
