namespace FerMl.Vision.Tests;

public class FaceTimelineTests
{
    private static LoggedFrame At(double time, params (int Id, string Label, float Confidence)[] faces) =>
        new((long)(time * 10), time, "clip", 640, 480,
            [.. faces.Select(face => new LoggedFace(face.Id, [0, 0, 1, 1], face.Label, face.Confidence, new Dictionary<string, float>()))]);

    [Test]
    public void Of_JoinsFramesOfOneEmotionAndBeginsAgainWhereItChanges()
    {
        var faces = FaceTimeline.Of(
            [At(0, (1, "sad", 0.5f)), At(0.1, (1, "sad", 0.7f)), At(0.2, (1, "happy", 0.9f), (2, "fear", 0.4f)),
                At(0.3, (1, "happy", 0.9f))]);
        Assert.That(faces.Select(face => face.Id), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(faces[0].Spans.Select(span => (span.From, span.To, span.Label, span.Frames)),
            Is.EqualTo(new[] { (0, 0.2, "sad", 2), (0.2, 0.3, "happy", 2) }));
        Assert.That(faces[0].Spans[0].Confidence, Is.EqualTo(0.6).Within(1e-6));
    }

    [Test]
    public void Of_AFaceThatWasAway_LeavesAGap()
    {
        var spans = FaceTimeline.Of([At(0, (1, "sad", 0.5f)), At(0.5, (1, "sad", 0.5f)), At(3, (1, "sad", 0.5f))]).Single().Spans;
        Assert.That(spans.Select(span => (span.From, span.To)), Is.EqualTo(new[] { (0.0, 0.5), (3.0, 3.0) }));
    }

    [Test]
    public void Of_AFaceThatOtherFramesMissed_LeavesAGapOnceItIsMoreThanABlink()
    {
        var (face, other) = ((1, "sad", 0.5f), (2, "happy", 0.5f));
        var spans = FaceTimeline.Of([At(0, face), At(0.1, other), At(0.2, face), At(0.3, other), At(0.5, other), At(0.6, face)])[0].Spans;
        Assert.That(spans.Select(span => (span.From, span.To)), Is.EqualTo(new[] { (0.0, 0.2), (0.6, 0.6) }));
    }

    [Test]
    public void Of_FramesThatAreFarApart_LeavesNoGapBetweenThem()
    {
        var spans = FaceTimeline.Of([At(0, (1, "sad", 0.5f)), At(0.5, (1, "sad", 0.5f)), At(1, (1, "sad", 0.5f))]).Single().Spans;
        Assert.That(spans.Select(span => (span.From, span.To)), Is.EqualTo(new[] { (0.0, 1.0) }));
    }
}
