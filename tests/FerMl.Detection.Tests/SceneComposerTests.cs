namespace FerMl.Detection.Tests;

public class SceneComposerTests : DetectionTests
{
    private static Scene Compose(int number, Backgrounds? backgrounds = null)
    {
        var (scene, random) = (new Scene(), Random(number));
        new SceneComposer(Faces, backgrounds).Compose(scene, ref random, null);
        return scene;
    }

    [Test]
    public void Compose_IsAFunctionOfItsRandomNumbers()
    {
        var (one, same, other) = (Compose(4), Compose(4), Compose(5));
        Assert.That(same.Pixels, Is.EqualTo(one.Pixels));
        Assert.That(same.Faces, Is.EqualTo(one.Faces));
        Assert.That(other.Pixels, Is.Not.EqualTo(one.Pixels));
    }

    [Test]
    public void Compose_MakesFacesOfAllSizesAndLeansAndScenesWithoutAny()
    {
        Scene[] scenes = [.. Enumerable.Range(0, 300).Select(number => Compose(number))];
        SceneFace[] faces = [.. scenes.SelectMany(scene => scene.Faces)];
        Assert.That(scenes.Count(scene => scene.Faces.Count == 0), Is.InRange(20, 90));
        Assert.That(faces.Min(face => face.Size), Is.LessThan(9));
        Assert.That(faces.Max(face => face.Size), Is.GreaterThan(120));
        Assert.That(faces.Count(face => Math.Abs(face.Roll) > Math.PI / 6), Is.InRange(faces.Length / 10, faces.Length / 2));
        // At most a third of a face lies beyond the edge.
        foreach (var face in faces)
            Assert.That(Math.Max(Math.Abs(face.X - Scene.Side / 2.0), Math.Abs(face.Y - Scene.Side / 2.0)),
                Is.LessThan(Scene.Side / 2.0 - 0.16 * face.Size));
    }

    [Test]
    public void Compose_OfFacesThatAreCovered_HidesThem()
    {
        SceneFace[] faces = [.. Enumerable.Range(0, 300).SelectMany(number => Compose(number).Faces)];
        Assert.That(faces.Count(face => face.IsHidden), Is.InRange(faces.Length / 100, faces.Length / 4));
    }

    [Test]
    public void Compose_WithABackgroundGiven_UsesIt()
    {
        var (training, heldOut) = Backgrounds.Load(BackgroundFolder());
        using (training)
        using (heldOut)
        {
            Assert.That((training.Count, heldOut.Count), Is.EqualTo((19, 1)));
            var (scene, random, part) = (new Scene(), Random(0), new BackgroundPart(3, 10, 20, 100, true));
            new SceneComposer(Faces, training).Compose(scene, ref random, part);
            Assert.That(scene.Background, Is.EqualTo(part));
        }
    }

    [Test]
    public void Render_OfAMirroredPart_ExchangesLeftAndRight()
    {
        var (training, heldOut) = Backgrounds.Load(BackgroundFolder());
        using (training)
        using (heldOut)
        {
            var (plain, mirrored) = (new byte[96 * 96], new byte[96 * 96]);
            training.Render(new BackgroundPart(0, 0, 0, 96, false), 96, plain);
            training.Render(new BackgroundPart(0, 0, 0, 96, true), 96, mirrored);
            Assert.That(plain.Distinct().Count(), Is.GreaterThan(1));
            Assert.That(mirrored, Is.EqualTo(plain.Chunk(96).SelectMany(row => row.Reverse())));
        }
    }

    [Test]
    public void Load_OfAFolderWithoutImages_SaysWhatIsWanted()
    {
        Assert.That(() => Backgrounds.Load(Folder.Path("nowhere")),
            Throws.TypeOf<FerMl.Vision.VisionException>().With.Message.Contains("no such folder"));
        Directory.CreateDirectory(Folder.Path("empty"));
        Assert.That(() => Backgrounds.Load(Folder.Path("empty")),
            Throws.TypeOf<FerMl.Vision.VisionException>().With.Message.Contains("no face can be seen"));
    }
}
