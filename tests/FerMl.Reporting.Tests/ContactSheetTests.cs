using System.Xml.Linq;

namespace FerMl.Reporting.Tests;

public class ContactSheetTests
{
    private static readonly byte[][] Faces = [.. SyntheticFaces.Create(70, seed: 2).Samples.Take(6).Select(face => face.Pixels.ToArray())];

    [Test]
    public void ToSvg_ShowsEachRowUnderItsColumns()
    {
        var image = XDocument.Parse(
            ContactSheet.ToSvg("Sheet", ["as it is", "first", "<second>"], [("anger", Faces[..3]), ("fear & joy", Faces[3..])])).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        var images = image.Elements(svg + "image").ToArray();
        Assert.That(images.Select(image => (string?)image.Attribute("href")).ToArray(), Has.Length.EqualTo(6).And.Unique);
        Assert.That(images.Select(image => (string?)image.Attribute("y")).Distinct().Count(), Is.EqualTo(2), "rows");
        Assert.That(image.Elements(svg + "text").Select(text => text.Value),
            Is.EquivalentTo(new[] { "Sheet", "as it is", "first", "<second>", "anger", "fear & joy" }));
    }

    [Test]
    public void ToSvg_RowsThatDontFit_AreRefused()
    {
        Assert.That(() => ContactSheet.ToSvg("none", ["a"], []), Throws.ArgumentException.With.Message.Contains("no face"));
        Assert.That(() => ContactSheet.ToSvg("odd", ["a", "b"], [("anger", Faces[..3])]),
            Throws.ArgumentException.With.Message.Contains("'anger' has 3 faces for 2 columns"));
    }
}
