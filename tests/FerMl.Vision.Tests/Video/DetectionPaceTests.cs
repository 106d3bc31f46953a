namespace FerMl.Vision.Tests;

public class DetectionPaceTests
{
    /// <summary>Feeds the pace with camera frames whose detection and tracking take the given times.</summary>
    private static int After(DetectionPace pace, int frames, double detectMs, double trackMs = 2, double rate = 30, long first = 0)
    {
        for (var i = 0; i < frames; i++)
        {
            var isDetected = i % pace.DetectEvery == 0;
            pace.Add(first + i, TimeSpan.FromSeconds((first + i) / rate), isDetected,
                TimeSpan.FromMilliseconds(isDetected ? detectMs : trackMs));
        }
        return pace.DetectEvery;
    }

    [TestCase(5, 1)]
    [TestCase(25, 1)]
    [TestCase(40, 2)]
    [TestCase(60, 3)]
    [TestCase(500, 3)]
    public void Add_OfFramesThatTakeSoLong_DetectsAsOftenAsThereIsTimeFor(double detectMs, int expected) =>
        Assert.That(After(new DetectionPace(), 60, detectMs), Is.EqualTo(expected));

    [Test]
    public void Add_OfTrackingThatTakesLongToo_DetectsLessOften() =>
        Assert.That(After(new DetectionPace(), 60, detectMs: 40, trackMs: 30), Is.EqualTo(3));

    [Test]
    public void Add_WhenThereIsTimeAgain_DetectsInEachFrame()
    {
        var pace = new DetectionPace();
        Assert.That(After(pace, 60, 60), Is.EqualTo(3));
        Assert.That(After(pace, 200, 10, first: 60), Is.EqualTo(1));
    }

    [Test]
    public void Add_CountsDroppedFrames()
    {
        var pace = new DetectionPace();
        // Every second frame is dropped: the camera's frame interval is half of that between received frames.
        for (var i = 0; i < 60; i++)
            pace.Add(2 * i, TimeSpan.FromSeconds(2 * i / 30.0), isDetected: true, TimeSpan.FromMilliseconds(40));
        Assert.That(pace.DetectEvery, Is.EqualTo(2));
    }
}
