namespace FerMl.Training.Tests;

public class FaceAugmenterTests
{
    private static readonly AugmentationOptions Nothing = new()
    {
        Flip = 0,
        Rotation = 0,
        Scale = 0,
        Shift = 0,
        Brightness = 0,
        Contrast = 0,
        Erasing = 0,
    };
    private static readonly byte[] Face = SyntheticFaces.Create(70, seed: 5)[3].Pixels.ToArray();

    [Test]
    public void Render_WithoutChanges_IsTheFace()
    {
        Assert.That(Render(null), Is.EqualTo(Face));
        Assert.That(Render(Nothing), Is.EqualTo(Face).Within(1e-3f));
    }

    [Test]
    public void Render_Flip_IsTheMirrorImage() =>
        Assert.That(Render(Nothing with { Flip = 1 }), Is.EqualTo(Face.Chunk(48).SelectMany(row => row.Reverse())).Within(1e-3f));

    [Test]
    public void Render_Occlusion_CoversAPartOfTheFace_AndChangesNothingElse()
    {
        var faces = Enumerable.Range(1, 60).Select(epoch => Render(Nothing with { Occlusion = 1 }, epoch)).ToArray();
        foreach (var face in faces)
            Assert.That(face.Zip(Face).Count(pair => Math.Abs(pair.First - pair.Second) > 1), Is.InRange(60, 1_900));
        // Neither the half with the eyes nor that with the mouth is always visible or always covered.
        foreach (var half in (Range[])[new(0, 1_104), new(1_200, 2_304)])
            Assert.That(faces.Count(face => face[half].Zip(Face[half]).Count(pair => Math.Abs(pair.First - pair.Second) > 5) > 150),
                Is.InRange(10, 58));
        Assert.That(Render(Nothing with { Occlusion = 1 }, 3), Is.EqualTo(faces[2]), "it depends only on seed, epoch and face");
        // Flip, shift and all other augmentations are sampled as without occlusion.
        var (with, without) = (new AugmentationOptions { Occlusion = 0.5 }, new AugmentationOptions());
        var same = Enumerable.Range(1, 200).Count(epoch => Render(with, epoch).SequenceEqual(Render(without, epoch)));
        Assert.That(same, Is.InRange(70, 130));
    }

    [Test]
    public void Render_Shift_MovesTheFace_AndItsBorderGoesOn()
    {
        // A white column at x = 20 on black, shifted by up to 6, lies completely between 14 and 26.
        var column = new byte[48 * 48];
        for (var y = 0; y < 48; y++)
            column[y * 48 + 20] = 255;
        var places = Enumerable.Range(1, 50).Select(epoch =>
        {
            var rendered = Render(Nothing with { Shift = 6 }, epoch, column);
            Assert.That(rendered.Sum(), Is.EqualTo(48 * 255).Within(5));
            return Enumerable.Range(0, 48).Sum(x => x * rendered[24 * 48 + x]) / 255.0;
        }).ToArray();
        Assert.That(places, Is.All.InRange(13.9, 26.1));
        Assert.That(places.Max() - places.Min(), Is.GreaterThan(8));
    }

    [Test]
    public void Render_Rotation_TurnsAboutTheCentre()
    {
        var dot = new byte[48 * 48];
        dot[24 * 48 + 44] = dot[23 * 48 + 44] = dot[24 * 48 + 43] = dot[23 * 48 + 43] = 255;
        for (var epoch = 1; epoch <= 20; epoch++)
        {
            var rendered = Render(Nothing with { Rotation = 30 }, epoch, dot);
            var total = rendered.Sum();
            var (x, y) = (Enumerable.Range(0, 2304).Sum(i => i % 48 * rendered[i]) / total - 23.5, Enumerable.Range(0, 2304)
                .Sum(i => i / 48 * rendered[i]) / total - 23.5);
            Assert.That(Math.Sqrt(x * x + y * y), Is.EqualTo(20).Within(0.2));
            Assert.That(Math.Abs(Math.Atan2(y, x)) * 180 / Math.PI, Is.LessThanOrEqualTo(30.5));
        }
    }

    [Test]
    public void Render_Light_StaysWithinGrayLevels()
    {
        for (var epoch = 1; epoch <= 20; epoch++)
            Assert.That(Render(Nothing with { Brightness = 128, Contrast = 0.9 }, epoch), Is.All.InRange(0f, 255f));
        var means = Enumerable.Range(1, 50)
            .Select(epoch => Render(Nothing with { Brightness = 20 }, epoch).Average() - Face.Average(level => (float)level)).ToArray();
        Assert.That(means, Is.All.InRange(-20.1f, 20.1f));
        Assert.That(means.Max() - means.Min(), Is.GreaterThan(20));
    }

    [Test]
    public void Render_Erasing_PaintsARectangleOfTheAskedSize()
    {
        // Random pixel values, from which erased pixels can be distinguished.
        var noise = new byte[48 * 48];
        new Random(1).NextBytes(noise);
        for (var epoch = 1; epoch <= 30; epoch++)
        {
            var rendered = Render(Nothing with { Erasing = 1, ErasingArea = 0.2 }, epoch, noise);
            var changed = Enumerable.Range(0, 2304).Where(i => Math.Abs(rendered[i] - noise[i]) > 1e-3).ToArray();
            Assert.That(changed.Select(i => rendered[i]).Distinct().Count(), Is.EqualTo(1));
            var (width, height) =
                (changed.Max(i => i % 48) - changed.Min(i => i % 48) + 1, changed.Max(i => i / 48) - changed.Min(i => i / 48) + 1);
            Assert.That(changed, Has.Length.GreaterThan(0.9 * width * height), "the complete rectangle");
            Assert.That((double)width * height / 2304, Is.InRange(0.015, 0.23));
        }
    }

    [Test]
    public void Render_Scale_GrowsAndShrinks()
    {
        var block = new byte[48 * 48];
        for (var y = 14; y < 34; y++)
            block.AsSpan(y * 48 + 14, 20).Fill(255);
        var areas = Enumerable.Range(1, 60).Select(epoch => Render(Nothing with { Scale = 0.25 }, epoch, block).Sum() / 255 / 400)
            .ToArray();
        Assert.That(areas, Is.All.InRange(1 / 1.6f, 1.6f));
        Assert.That((areas.Min() < 0.75, areas.Max() > 1.33), Is.EqualTo((true, true)));
    }

    [Test]
    public void Render_OtherSize_ShowsTheWholeFace()
    {
        var output = new float[32 * 32];
        new FaceAugmenter(null, 0).Render(Face, 1, 0, 32, output);
        Assert.That(output.Average(), Is.EqualTo(Face.Average(level => (float)level)).Within(4));
    }

    [Test]
    public void Render_IsAFunctionOfSeedEpochAndFace()
    {
        var all = new AugmentationOptions { Erasing = 1 };
        Assert.That(Render(all, 4), Is.EqualTo(Render(all, 4)));
        Assert.That(Render(all, 5), Is.Not.EqualTo(Render(all, 4)));
        Assert.That(Render(all, 4, number: 8), Is.Not.EqualTo(Render(all, 4)));
        Assert.That(Render(all, 4, seed: 8), Is.Not.EqualTo(Render(all, 4)));
    }

    private static float[] Render(AugmentationOptions? options, int epoch = 1, byte[]? face = null, long number = 7, int seed = 1)
    {
        var output = new float[48 * 48];
        new FaceAugmenter(options, seed).Render(face ?? Face, epoch, number, 48, output);
        return output;
    }
}
