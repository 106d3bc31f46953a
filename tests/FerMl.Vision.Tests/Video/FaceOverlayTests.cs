using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceOverlayTests : VisionTests
{
    private static readonly EmotionPrediction Happy = new(EmotionTask.Seven.Labels, [0.05f, 0, 0.05f, 0.7f, 0.05f, 0.05f, 0.1f]);

    [Test]
    public void Draw_PutsABoxInTheEmotionsColorAboutTheFace()
    {
        using var image = new Mat(480, 640, MatType.CV_8UC3, Scalar.Black);
        var box = new Rect(200, 150, 120, 120);
        FaceOverlay.Draw(image, [new FaceResult(7, box, Happy)]);
        var color = FaceOverlay.ColorOf("happy");
        foreach (var (x, y) in new[] { (200, 200), (320, 200), (260, 150), (260, 270) })
        {
            var pixel = image.At<Vec3b>(y, x);
            Assert.That((pixel.Item0, pixel.Item1, pixel.Item2), Is.EqualTo(((byte)color.Val0, (byte)color.Val1, (byte)color.Val2)),
                $"{x},{y}");
        }
        Assert.That(image.At<Vec3b>(210, 260), Is.EqualTo(new Vec3b(0, 0, 0)), "nothing is drawn over the face itself");
    }

    [Test]
    public void Draw_OfFacesAtAndBeyondTheEdges_StaysWithinTheFrame()
    {
        using var image = new Mat(120, 160, MatType.CV_8UC3, Scalar.Black);
        FaceResult[] faces = [
            new(1, new Rect(-20, -20, 60, 60), Happy), new(2, new Rect(140, 100, 60, 60), Happy), new(3, new Rect(0, 0, 160, 120), Happy)];
        Assert.That(() => FaceOverlay.Draw(image, faces, withBars: true), Throws.Nothing);
        FaceOverlay.DrawStatus(image, "25 frames/s");
        Assert.That(image.Size(), Is.EqualTo(new Size(160, 120)));
    }

    [Test]
    public void Draw_WithBars_MakesTheHighestScoresBarTheLongest()
    {
        using var image = new Mat(480, 640, MatType.CV_8UC3, Scalar.Black);
        FaceOverlay.Draw(image, [new FaceResult(1, new Rect(100, 100, 100, 100), Happy)], withBars: true);
        Assert.That(CountOf("happy"), Is.GreaterThan(CountOf("neutral")));
        Assert.That(CountOf("neutral"), Is.GreaterThan(CountOf("disgust")));

        int CountOf(string label)
        {
            using var mask = new Mat();
            Cv2.InRange(image.SubMat(new Rect(203, 90, 200, 200)), FaceOverlay.ColorOf(label), FaceOverlay.ColorOf(label), mask);
            return Cv2.CountNonZero(mask);
        }
    }

    [Test]
    public void ColorOf_IsAnotherForEachEmotion() =>
        Assert.That(EmotionTask.Eight.Labels.Select(FaceOverlay.ColorOf), Is.Unique);
}
