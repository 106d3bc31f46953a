using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Detection.Tests;

public class SceneTargetsTests
{
    private static float[] Write(params SceneFace[] faces)
    {
        var answers = new float[FaceGrid.Values * Scene.Places];
        SceneTargets.Write(faces, answers);
        return answers;
    }

    /// <summary>Decodes ideal network outputs as the detector does.</summary>
    private static IReadOnlyList<FoundFace> Read(float[] answers)
    {
        var candidates = new List<FaceCandidate>();
        FaceCandidate.Read(answers, Scene.Side, Scene.Side, 0.5, new Point(0, 0), 1, 1, candidates);
        return FaceCandidate.Merge(candidates);
    }

    [TestCase(10)]
    [TestCase(17)]
    [TestCase(20)]
    [TestCase(33)]
    [TestCase(41)]
    [TestCase(76)]
    public void Write_IsReadByTheDetectorAsTheFaceThatItWas(double size)
    {
        foreach (var degrees in new[] { -60.0, 0, 45 })
        {
            var found = Read(Write(new SceneFace(90.3, 71.8, size, degrees * Math.PI / 180)));
            Assert.That(found, Has.Count.EqualTo(1));
            Assert.That(found[0].Box.X + found[0].Box.Width / 2.0, Is.EqualTo(90.3).Within(1));
            Assert.That(found[0].Box.Y + found[0].Box.Height / 2.0, Is.EqualTo(71.8).Within(1));
            Assert.That(found[0].Box.Width, Is.EqualTo(size).Within(1));
            Assert.That(found[0].Roll, Is.EqualTo(degrees).Within(0.01));
        }
    }

    [Test]
    public void Write_OfFacesSideBySide_KeepsThemApart() =>
        Assert.That(Read(Write(new SceneFace(60, 60, 30, 0), new SceneFace(92, 60, 30, 0), new SceneFace(60, 120, 12, 0))),
            Has.Count.EqualTo(3));

    [Test]
    public void Write_OfAHiddenFace_AsksForNothingThere()
    {
        var answers = Write(new SceneFace(90, 70, 16, 0) { IsHidden = true });
        Assert.That(answers[..Scene.Places], Has.None.EqualTo(SceneTargets.Face));
        Assert.That(answers[..Scene.Places].Count(answer => answer == SceneTargets.Unasked), Is.GreaterThan(8));
    }

    [TestCase(4)]
    [TestCase(150)]
    public void Write_OfAFaceBeyondAllGrids_IsBackground(double size) =>
        Assert.That(Write(new SceneFace(90, 70, size, 0)), Is.All.Zero);

    [Test]
    public void Write_OfNoFace_IsBackground() => Assert.That(Write(), Is.All.Zero);
}
