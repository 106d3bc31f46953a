using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class EmotionTimelineTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void ToSvg_DrawsASpanAsLongAsItLastedAndPalerWhereItIsLessSure()
    {
        var svg = XElement.Parse(EmotionTimeline.ToSvg("A & B", [
            new TimelineStrip("face 1", [new(0, 3, "happy", 0.9), new(3, 4, "sad", 0.3)]),
            new TimelineStrip("face 7", [new(2, 2, "fear", 0.5)])]));
        var spans = svg.Descendants(Svg + "rect")
            .Where(rect => rect.Element(Svg + "title")?.Value.Contains("% sure", StringComparison.Ordinal) == true).ToArray();
        Assert.That(spans, Has.Length.EqualTo(3));
        Assert.That(Width(spans[0]), Is.EqualTo(3 * Width(spans[1])).Within(0.2));
        Assert.That((double)spans[0].Attribute("fill-opacity")!, Is.GreaterThan((double)spans[1].Attribute("fill-opacity")!));
        Assert.That(Width(spans[2]), Is.GreaterThan(0), "a span of one image is visible");
        Assert.That(spans[0].Element(Svg + "title")!.Value, Is.EqualTo("happy, 90 % sure, 0.0 to 3.0 s"));
        Assert.That(svg.Descendants(Svg + "text").Select(text => text.Value),
            Does.Contain("A & B").And.Contain("face 7").And.Contain("seconds").And.Contain("happy"));
    }

    [TestCase(0.004)]
    [TestCase(9)]
    [TestCase(7_200)]
    public void ToSvg_OfAnyLength_HasAFewTicks(double length)
    {
        var svg = XElement.Parse(EmotionTimeline.ToSvg("t", [new TimelineStrip("face 1", [new(0, length, "happy", 1)])]));
        Assert.That(svg.Descendants(Svg + "text").Count(text => double.TryParse(text.Value, out _)), Is.InRange(4, 11));
    }

    [Test]
    public void ToSvg_OfNothing_Throws() =>
        Assert.That(() => EmotionTimeline.ToSvg("t", [new TimelineStrip("face 1", [])]), Throws.TypeOf<ArgumentException>());

    private static double Width(XElement rect) => (double)rect.Attribute("width")!;
}
