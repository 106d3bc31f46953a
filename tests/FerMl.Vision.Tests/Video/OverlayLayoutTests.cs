using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class OverlayLayoutTests
{
    private static readonly Size Frame = new(640, 480), Label = new(120, 22), Panel = new(134, 111);

    [Test]
    public void Places_CoverNoFaceAndNothingWrittenAndStayInTheFrame()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            Rect[] faces = [.. Enumerable.Range(0, 1 + round % 12).Select(_ =>
                new Rect(random.Next(-30, 600), random.Next(-30, 440), random.Next(12, 110), random.Next(12, 110)))];
            var layout = new OverlayLayout(Frame, faces);
            Rect[] written = [.. faces.Select(face => layout.PlaceLabel(face, Label)).Concat(faces.Select(face =>
                layout.PlacePanel(face, Panel)))
                .OfType<Rect>()];
            for (var i = 0; i < written.Length; i++)
            {
                Assert.That(written[i] & new Rect(0, 0, Frame.Width, Frame.Height), Is.EqualTo(written[i]));
                Assert.That(faces.Concat(written.Take(i)).Where(other => (other & written[i]) is { Width: > 0, Height: > 0 }), Is.Empty);
            }
        }
    }

    [Test]
    public void Places_OfOneFace_AreAtIt()
    {
        Rect face = new(200, 150, 120, 120);
        var layout = new OverlayLayout(Frame, [face]);
        Assert.That(layout.PlaceLabel(face, Label), Is.EqualTo(new Rect(200, 128, 120, 22)));
        Assert.That(layout.PlacePanel(face, Panel), Is.EqualTo(new Rect(320, 150, 134, 111)));
    }

    [TestCase(0, 0)]
    [TestCase(520, 0)]
    [TestCase(0, 360)]
    [TestCase(520, 360)]
    public void Places_OfAFaceInACorner_AreFoundStill(int x, int y)
    {
        Rect face = new(x, y, 120, 120);
        var layout = new OverlayLayout(Frame, [face]);
        Assert.That(layout.PlaceLabel(face, Label), Is.Not.Null);
        Assert.That(layout.PlacePanel(face, Panel), Is.Not.Null);
    }

    [Test]
    public void PlaceLabel_WhereTheFaceFillsTheFrame_IsInACornerOfItsSquareOrNowhere()
    {
        Rect face = new(0, 0, 640, 480);
        Assert.That(new OverlayLayout(Frame, [face]).PlaceLabel(face, Label), Is.EqualTo(new Rect(0, 458, 120, 22)));
        Assert.That(new OverlayLayout(Frame, [face]).PlaceLabel(face, new Size(400, 22)), Is.Null);
        Assert.That(new OverlayLayout(Frame, [face]).PlacePanel(face, Panel), Is.Null);
    }
}
