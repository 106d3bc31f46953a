using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class MetricsChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Four happy faces, three classified correctly; one sad face, classified as happy; no neutral face.
    private static readonly EmotionMetrics Metrics = EmotionMetrics.Compute(EmotionTask.Three.Labels, [0, 0, 0, 0, 1],
        [0.9f, 0.1f, 0, 0.8f, 0.1f, 0.1f, 0.7f, 0.2f, 0.1f, 0.1f, 0.2f, 0.7f, 0.6f, 0.3f, 0.1f]);

    [Test]
    public void Confusion_SaysCountsOrShares()
    {
        var counts = XElement.Parse(ConfusionChart.ToSvg("counts", Metrics));
        Assert.That(Titles(counts),
            Does.Contain("happy, predicted as happy: 3 of 4 (75.0 %)").And.Contain("sad, predicted as happy: 1 of 1 (100.0 %)").And.Contain(
                "neutral, predicted as sad: 0 of 0 (0.0 %)"));
        Assert.That(Words(counts), Does.Contain("3").And.Contain("true label"));
        Assert.That(Words(XElement.Parse(ConfusionChart.ToSvg("shares", Metrics, asShares: true))),
            Does.Contain("75 %").And.Contain("100 %"));
    }

    [Test]
    public void Confusion_WritesWhiteOnDarkCellsOnly()
    {
        var svg = XElement.Parse(ConfusionChart.ToSvg("shares", Metrics, asShares: true));
        Assert.That(svg.Descendants(Svg + "text").Where(text => (string?)text.Attribute("fill") == "#ffffff").Select(text => text.Value),
            Is.EqualTo(new[] { "100 %" }));
    }

    [Test]
    public void Confusion_OfFewLabels_IsAsWideAsItsTitle()
    {
        const string title = "Confusion, share of the true label";
        var svg = XElement.Parse(ConfusionChart.ToSvg(title, Metrics));
        var box = svg.Attribute("viewBox")!.Value.Split(' ').Select(int.Parse).ToArray();
        var ground = svg.Descendants(Svg + "rect").First();
        var center = (int)svg.Descendants(Svg + "text").First(text => text.Value == title).Attribute("x")!;
        Assert.That(box[2], Is.EqualTo((int)svg.Attribute("width")!).And.EqualTo((int)ground.Attribute("width")!));
        Assert.That((int)ground.Attribute("x")!, Is.EqualTo(box[0]));
        // Bold letters of DejaVu Sans, the widest likely font, are 11 pixels wide at this size.
        Assert.That(center - box[0], Is.GreaterThanOrEqualTo(title.Length * 11 / 2));
        Assert.That(box[0] + box[2] - center, Is.GreaterThanOrEqualTo(title.Length * 11 / 2));
    }

    [Test]
    public void ClassBars_AreAsLongAsTheirValues()
    {
        var bars = XElement.Parse(ClassBars.ToSvg("bars", Metrics)).Descendants(Svg + "rect")
            .Where(rect => rect.Value.Contains(": ", StringComparison.Ordinal))
            .ToDictionary(rect => rect.Value, rect => (double)rect.Attribute("width")!);
        Assert.That(bars["happy: recall 75 %"], Is.EqualTo(0.75 / 1 * 420).Within(0.1));
        Assert.That(bars["sad: recall 0 %"], Is.EqualTo(1), "a bar of 0 is still visible");
    }

    [Test]
    public void Reliability_ShowsEachBinWithFaces()
    {
        var titles = Titles(XElement.Parse(ReliabilityDiagram.ToSvg("reliability", Metrics)));
        Assert.That(titles, Has.Length.EqualTo(Metrics.Calibration.Count(bin => bin.Count > 0)));
        Assert.That(titles, Does.Contain("confidence 90 %: 100 % of 1 face correct"));
    }

    [Test]
    public void Calibration_AgreesWithItsError()
    {
        var error = Metrics.Calibration.Where(bin => bin.Count > 0)
            .Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.Confidence)) / Metrics.Count;
        Assert.That(error, Is.EqualTo(Metrics.ExpectedCalibrationError).Within(1e-9));
        Assert.That(Metrics.Calibration.Sum(bin => bin.Count), Is.EqualTo(5));
    }

    private static string[] Titles(XElement svg) => [.. svg.Descendants(Svg + "title").Select(title => title.Value)];

    private static string[] Words(XElement svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value)];
}
