using FerMl.Reporting;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>Names of files and labels with control characters, formulas or markup.</summary>
public class HostileNamesTests : FolderTests
{
    private const string Name = "\u001b[2J\u202Eevil.png";

    [TestCase("table")]
    [TestCase("csv")]
    public async Task Predict_OfAFileWithControlCharacters_ShowsNone(string format)
    {
        Folder.Write(Name, FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        Folder.Write("broken\u001b.png", "no image");
        var (_, output, error) = await Ferml.RunAsync("predict", "--model", "fer7-fast", Folder.Root, "--format", format);
        Assert.That(output + error, Does.Not.Contain("\u001b").And.Not.Contain("\u202E").And.Contain("\uFFFD[2J\uFFFDevil.png"));
        Assert.That(error, Does.Contain("broken\uFFFD.png"));
    }

    [Test]
    public async Task Predict_Csv_OfAFileNamedLikeAFormula_IsAText()
    {
        Folder.Write("=1+1.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Folder.Root;
        try
        {
            var (_, output, _) = await Ferml.RunAsync("predict", "--model", "fer7-fast", "=1+1.png", "--format", "csv");
            Assert.That(output.Split('\n')[1], Does.StartWith("'=1+1.png,"));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Test]
    public void Pictures_OfHostileLabels_AreWellFormed()
    {
        const string label = "a\u0007<b>&\u0000";
        foreach (var svg in (string[])[
            LineChart.ToSvg(label, "x", "y", [new ChartLine(label, [(1, 2), (2, 3)]), new ChartLine("b", [(1, 1)])]),
            FaceGrid.ToSvg(label, [new FaceTile(SyntheticFaces.Create(70, seed: 5)[0], new EmotionPrediction([label], [1f]))])])
            Assert.That(() => System.Xml.Linq.XDocument.Parse(svg), Throws.Nothing);
    }
}
