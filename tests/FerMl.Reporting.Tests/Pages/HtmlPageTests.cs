using System.Text.RegularExpressions;

namespace FerMl.Reporting.Tests;

public partial class HtmlPageTests
{
    private static readonly string Chart = LineChart.ToSvg("one", "x", "y", [new ChartLine("a", [(0, 0.1), (1, 0.9)])]);

    [Test]
    public void ToHtml_EscapesWhatItIsGiven()
    {
        var html = new HtmlPage("<b>title & co", "a < b").Heading("<script>").Paragraph("x > y").KeyFigures(("<1", "<2"))
            .Table(["<3"], [["<4"]]).ToHtml();
        Assert.That(html, Does.Not.Contain("<b>t").And.Not.Contain("<script").And.Contain("&lt;b&gt;title &amp; co").And.Contain(
            "x &gt; y").And.Contain("&lt;1").And.Contain("&lt;4"));
    }

    [Test]
    public void ToHtml_LoadsNothingAndRunsNothing()
    {
        var html = new HtmlPage("t").Charts(Chart).ToHtml().Replace("http://www.w3.org/", "", StringComparison.Ordinal);
        Assert.That(html, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("<script").And.Not.Contain(
            "<link").And.Not.Contain("@import"));
        Assert.That(html, Does.Contain("width=device-width").And.Contain("prefers-color-scheme: dark").And.Contain("@media print"));
    }

    [Test]
    public void Charts_KeepTheirOwnNamesAndScaleToTheirProportions()
    {
        var html = new HtmlPage("t").Charts(Chart, Chart).ToHtml();
        var ids = Ids().Matches(html).Select(match => match.Groups[1].Value).ToArray();
        Assert.That(ids, Is.Unique.And.Not.Empty);
        foreach (Match use in Uses().Matches(html))
            Assert.That(ids, Does.Contain(use.Groups[1].Value));
        Assert.That(Regex.Matches(html, "viewBox=\"0 0 720 420\""), Has.Count.EqualTo(2));
        Assert.That(html, Does.Not.Contain("<?xml"));
    }

    [Test]
    public void Charts_OfNoSvg_Throws() => Assert.That(() => new HtmlPage("t").Charts("words"), Throws.TypeOf<ArgumentException>());

    [GeneratedRegex("\\bid=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("url\\(#([^)]+)\\)")]
    private static partial Regex Uses();
}
