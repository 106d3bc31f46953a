using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class ChartSheetTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void ToSvg_PutsChartsInRows()
    {
        var chart = LineChart.ToSvg(
            "one", "x", "y", [new ChartLine("a", [(0, 0.1), (1, 0.9)])], isShare: true, width: 300, height: 200, highest: 1);
        var sheet = XElement.Parse(ChartSheet.ToSvg("sheet", [chart, chart, chart], 300, 200, columns: 2));
        var places = sheet.Elements(Svg + "svg").Select(nested => ((int)nested.Attribute("x")!, (int)nested.Attribute("y")!)).ToArray();
        Assert.That(places, Has.Length.EqualTo(3));
        Assert.That((places[1].Item1 > places[0].Item1 + 299, places[2].Item2 > places[0].Item2 + 199, places[2].Item1 == places[0].Item1),
            Is.EqualTo((true, true, true)));
        Assert.That(sheet.Elements(Svg + "svg").Select(nested => nested.HasElements), Is.All.True);
    }

    [Test]
    public void ToSvg_OfNothingOrOfNoSvg_Throws()
    {
        Assert.That(() => ChartSheet.ToSvg("sheet", [], 300, 200), Throws.TypeOf<ArgumentException>());
        Assert.That(() => ChartSheet.ToSvg("sheet", ["no image"], 300, 200), Throws.TypeOf<ArgumentException>());
    }
}
