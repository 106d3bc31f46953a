namespace FerMl.Tests;

public class SyntheticClipsTests
{
    [Test]
    public void Create_FacesMoveFromRestAndBack_AndStayThemselves()
    {
        var clips = SyntheticClips.Create(70, frames: 24, seed: 2);
        Assert.That(clips.Clips.GroupBy(clip => clip.Emotion).Select(group => group.Count()), Is.All.EqualTo(10));
        foreach (var clip in clips.Clips.Where(clip => clip.Emotion is Emotion.Surprise or Emotion.Disgust).Take(6))
        {
            var frames = clip.ReadFrames();
            Assert.That(frames, Has.Count.EqualTo(24));
            var fromFirst = frames.Select(frame => Distance(frame, frames[0])).ToArray();
            var furthest = Array.IndexOf(fromFirst, fromFirst.Max());
            Assert.That(furthest, Is.InRange(2, 21), "the peak is within the clip");
            Assert.That(fromFirst[furthest], Is.GreaterThan(fromFirst[1] * 1.3).And.LessThan(60), "it moves, but stays the same face");
            Assert.That(fromFirst[^1], Is.LessThan(fromFirst[furthest]), "and returns");
        }
    }

    [Test]
    public void Create_OfOneSeed_GivesTheSameClips_OfAnotherOthers()
    {
        byte[][] Of(int seed) => [.. SyntheticClips.Create(70, frames: 3, seed).Clips.Take(5).SelectMany(clip => clip.ReadFrames())];
        Assert.That(Of(1), Is.EqualTo(Of(1)));
        Assert.That(Of(1), Is.Not.EqualTo(Of(2)));
    }

    [Test]
    public void Limit_BelowTheNumberOfLabels_IsKept() => Assert.That(SyntheticClips.Create(140).Limit(3).Clips, Has.Count.EqualTo(3));

    [Test]
    public void Limit_KeepsTheLabelsInProportion()
    {
        var clips = SyntheticClips.Create(140).Limit(70);
        Assert.That(clips.Clips.GroupBy(clip => clip.Emotion).Select(group => group.Count()), Is.All.EqualTo(10));
        Assert.That(() => clips.Where(_ => false), Throws.TypeOf<FerDataException>().With.Message.Contains("no clip is left"));
    }

    private static double Distance(byte[] one, byte[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Average();
}
