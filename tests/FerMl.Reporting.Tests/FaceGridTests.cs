using System.Xml.Linq;
using SkiaSharp;

namespace FerMl.Reporting.Tests;

public class FaceGridTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 2);

    [Test]
    public void ToSvg_ShowsEveryFaceWithItsLabel()
    {
        var image = XDocument.Parse(
            FaceGrid.ToSvg("Faces & more", [.. Faces.Samples.Take(10).Select(face => new FaceTile(face))], columns: 4)).Root!;
        var images = image.Elements(Svg + "image").ToArray();
        Assert.That(images, Has.Length.EqualTo(10));
        Assert.That(images.Select(image => (string)image.Attribute("x")!).Distinct().Count(), Is.EqualTo(4), "columns");
        Assert.That(images.Select(image => (string)image.Attribute("y")!).Distinct().Count(), Is.EqualTo(3), "rows");
        Assert.That(image.Elements(Svg + "text").Select(text => text.Value),
            Is.EqualTo(Faces.Samples.Take(10).Select(face => face.Emotion.ToLabel()).Prepend("Faces & more")));

        // The image in the SVG is the face, pixel for pixel.
        using var decoded = SKBitmap.Decode(
            Convert.FromBase64String(((string)images[3].Attribute("href")!)["data:image/png;base64,".Length..]));
        for (var i = 0; i < FaceResampler.PixelCount; i += 37)
            Assert.That(decoded.GetPixel(i % 48, i / 48).Red, Is.EqualTo(Faces[3].Pixels[i]));
    }

    [Test]
    public void ToSvg_NoFaces_IsRefused()
    {
        Assert.That(() => FaceGrid.ToSvg("none", []), Throws.ArgumentException);
        Assert.That(() => FaceGrid.ToSvg("none", [new FaceTile(Faces[0])], columns: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
