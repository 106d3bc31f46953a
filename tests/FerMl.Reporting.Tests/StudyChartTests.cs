using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class StudyChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void ParallelCoordinates_DrawTheBestLastAndDarkest()
    {
        var svg = XElement.Parse(
            ParallelCoordinates.ToSvg(
                "t", [("x", "0", "1"), ("y", "a", "b")], [([0.2, 0.4], 0.9, "good"), ([0.8, 0.6], 0.1, "bad"), ([0.5, 0.5], 0.5, "fair")]));
        var lines = svg.Elements(Svg + "polyline").ToArray();
        Assert.That(lines.Select(line => line.Value), Is.EqualTo(new[] { "bad", "fair", "good" }));
        Assert.That(lines.Select(line => (double)line.Attribute("stroke-opacity")!), Is.Ordered.And.Unique);
        Assert.That(lines.Select(line => ((string)line.Attribute("points")!).Split(' ').Length), Is.All.EqualTo(3),
            "two axes and the score");
        Assert.That(() => ParallelCoordinates.ToSvg("t", [("x", "0", "1")], [([0.1, 0.2], 1, "odd")]),
            Throws.TypeOf<ArgumentException>().With.Message.Contains("'odd'"));
    }

    [Test]
    public void NamedBars_AreAsLongAsTheirShares()
    {
        var bars = XElement.Parse(NamedBars.ToSvg("t", [("a", 0.5), ("b", 0.25)])).Elements(Svg + "rect").Where(rect => rect.HasElements)
            .Select(rect => (double)rect.Attribute("width")!).ToArray();
        Assert.That(bars[0], Is.EqualTo(2 * bars[1]).Within(0.1));
        Assert.That(() => NamedBars.ToSvg("t", []), Throws.TypeOf<ArgumentException>());
    }
}
