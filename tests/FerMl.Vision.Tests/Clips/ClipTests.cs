namespace FerMl.Vision.Tests;

public class ClipTests : VisionTests
{
    [Test]
    public void NoisyClips_AreTheStillsInDisguise_TheSameEachTime()
    {
        var faces = SyntheticFaces.Create(70, seed: 8);
        var clips = NoisyClips.Of(faces, frames: 12, seed: 1);
        Assert.That(clips.Clips.Select(clip => (clip.Emotion, clip.Usage)),
            Is.EqualTo(faces.Samples.Select(face => (face.Emotion, face.Usage))));
        foreach (var (clip, face) in clips.Clips.Zip(faces.Samples).Take(20))
        {
            var frames = clip.ReadFrames();
            Assert.That(frames, Has.Count.EqualTo(12));
            Assert.That(clip.ReadFrames(), Is.EqualTo(frames));
            Assert.That(frames.Distinct(EqualityComparer<byte[]>.Create((a, b) => a!.AsSpan().SequenceEqual(b), a => a.Length)).Count(),
                Is.EqualTo(12), "all frames differ");
            var still = face.Pixels.ToArray();
            Assert.That(frames.Min(frame => frame.Zip(still, (a, b) => Math.Abs(a - b)).Average()), Is.LessThan(30), "they show that face");
        }
        Assert.That(NoisyClips.Of(faces, 12, seed: 2).Clips[0].ReadFrames(), Is.Not.EqualTo(clips.Clips[0].ReadFrames()));
    }

    [Test]
    public void VideoClip_IsTheFaceInEachFrame()
    {
        var path = Clip("clip.avi", frames: 10);
        using var detector = new CnnFaceDetector(CnnDetectorOptions.ForVideo);
        var frames = VideoClip.Read(path, detector);
        Assert.That(frames, Has.Count.InRange(8, 10).And.All.Length.EqualTo(FaceResampler.PixelCount));
        Assert.That(() => VideoClip.Read(Folder.Path("none.avi"), detector),
            Throws.TypeOf<FerDataException>().With.Message.Contains("none.avi"));
    }
}
