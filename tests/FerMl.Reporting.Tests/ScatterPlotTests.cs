namespace FerMl.Reporting.Tests;

public class ScatterPlotTests
{
    [Test]
    public void ToSvg_DrawsEveryPoint_EmotionsInTheirColors_AndNamesTheLabels()
    {
        var svg = ScatterPlot.ToSvg("Plane & points", [("happy", 0, 1), ("happy", 1, 2), ("glasses <b>", -3, 0.5)]);
        Assert.That(svg, Does.StartWith("<svg").Or.Contain("<svg "));
        Assert.That(svg, Does.Contain("Plane &amp; points").And.Contain("happy").And.Contain("glasses &lt;b&gt;"));
        Assert.That(svg.ToLowerInvariant(), Does.Contain("rgb(230,159,0)").And.Contain("rgb(213,94,0)"));
        // Three points, and one mark for each label in the legend.
        Assert.That(svg.Split("<ellipse").Length - 1, Is.EqualTo(5));
    }

    [Test]
    public void ToSvg_RefusesWhatCantBeDrawn()
    {
        Assert.That(() => ScatterPlot.ToSvg("none", []), Throws.ArgumentException);
        Assert.That(() => ScatterPlot.ToSvg("NaN", [("a", double.NaN, 1)]), Throws.ArgumentException);
        Assert.That(() => ScatterPlot.ToSvg("many", [.. Enumerable.Range(0, 21).Select(i => ($"{i}", 0.0, 0.0))]),
            Throws.ArgumentException);
        Assert.That(() => ScatterPlot.ToSvg("small", [("a", 0, 0)], width: 10), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
