using System.Globalization;
using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class LineChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void ToSvg_ShowsTitleAxesAndLines()
    {
        var text = Draw();
        var image = XDocument.Parse(text).Root!;
        var words = image.Descendants(Svg + "text").Select(element => element.Value).ToArray();
        Assert.That(words, Is.SupersetOf(new[] { "Accuracy & more", "epoch", "accuracy", "training", "the paper's figure", "80 %" }));
        var lines = image.Descendants(Svg + "polyline").ToArray();
        Assert.That(lines.Count(line => ((string?)line.Attribute("points"))!.Split(' ').Length == 12), Is.EqualTo(1),
            "a line through twelve points");
        Assert.That(lines.Count(line => line.ToString().Contains("dash", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(1),
            "a dashed line");
        Assert.That(text, Does.Not.StartWith("\uFEFF"));
    }

    [Test]
    public void ToSvg_InAnyCulture_IsTheSame()
    {
        var expected = Draw();
        var before = CultureInfo.CurrentCulture;
        try
        {
            var withCommas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            withCommas.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = withCommas;
            Assert.That(Draw(), Is.EqualTo(expected));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void ToSvg_NothingOrTooMuch_IsRefused()
    {
        Assert.That(() => LineChart.ToSvg("x", "x", "y", []), Throws.ArgumentException);
        Assert.That(() => LineChart.ToSvg("x", "x", "y", [new ChartLine("empty", [])]), Throws.ArgumentException);
        Assert.That(() => LineChart.ToSvg("x", "x", "y", [.. Enumerable.Repeat(new ChartLine("line", [(1, 2)]), 6)]),
            Throws.ArgumentException.With.Message.Contains("6 lines can't be distinguished"));
    }

    private static string Draw() => LineChart.ToSvg("Accuracy & more", "epoch", "accuracy",
    [
        new("training", [.. Enumerable.Range(1, 12).Select(epoch => ((double)epoch, 0.3 + epoch * 0.05))]),
        new("the paper's figure", [(1, 0.796), (12, 0.796)], IsDashed: true),
    ], isShare: true);
}
