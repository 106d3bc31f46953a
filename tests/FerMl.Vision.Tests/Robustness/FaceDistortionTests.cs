namespace FerMl.Vision.Tests;

public class FaceDistortionTests : VisionTests
{
    [TestCase(Distortion.Brightness, 0)]
    [TestCase(Distortion.Contrast, 0)]
    [TestCase(Distortion.Rotation, 0)]
    [TestCase(Distortion.Noise, 0)]
    [TestCase(Distortion.Occlusion, 0)]
    [TestCase(Distortion.SmallFace, 1)]
    public void Apply_OfNoStrength_ChangesNothing(Distortion distortion, double strength) =>
        Assert.That(FaceDistortion.Apply(distortion, strength, Faces[0], 4), Is.EqualTo(Faces[0]));

    [TestCaseSource(nameof(All))]
    public void Apply_OfGrowingStrength_ChangesMore(Distortion distortion)
    {
        var changes = FaceDistortion.Strengths(distortion).Select(strength =>
            Faces.Select((face, i) => FaceDistortion.Apply(distortion, strength, face, i).Zip(face, (one, other) => Math.Abs(one - other)).Average()).Average()).ToArray();
        Assert.That(changes, Is.Ordered.And.Unique);
        Assert.That(changes[0], Is.GreaterThan(0.3));
    }

    [TestCaseSource(nameof(All))]
    public void Apply_OfTheSame_GivesTheSame(Distortion distortion)
    {
        var strength = FaceDistortion.Strengths(distortion)[2];
        Assert.That(FaceDistortion.Apply(distortion, strength, Faces[0], 3), Is.EqualTo(FaceDistortion.Apply(distortion, strength, Faces[0], 3)));
    }

    [Test]
    public void Apply_OfBrightness_LiftsOneFaceAndLowersTheNext()
    {
        var grey = Enumerable.Repeat((byte)100, FaceResampler.PixelCount).ToArray();
        Assert.That((FaceDistortion.Apply(Distortion.Brightness, 40, grey, 0)[7], FaceDistortion.Apply(Distortion.Brightness, 40, grey, 1)[7]), Is.EqualTo(((byte)140, (byte)60)));
    }

    [Test]
    public void Apply_OfAnotherSize_Throws() =>
        Assert.That(() => FaceDistortion.Apply(Distortion.Blur, 1, new byte[10], 0), Throws.TypeOf<ArgumentException>());

    [Test]
    public void Run_MeasuresFacesAsTheyAreAndEachStrength()
    {
        using var predictor = EmotionPredictor.LoadDefault(ShippedModel.SevenFast);
        var faces = SyntheticFaces.Create(140, seed: 5);
        var curves = RobustnessStudy.Run(predictor, faces);
        var clean = faces.Samples.Zip(predictor.Predict(faces), (face, prediction) => face.Emotion.ToLabel() == prediction.Label ? 1.0 : 0).Average();
        Assert.That(curves.Select(curve => curve.Distortion), Is.EqualTo(Enum.GetValues<Distortion>()));
        Assert.That(curves.Select(curve => curve.Points[0].Accuracy), Is.All.EqualTo(clean).Within(1e-9));
        Assert.That(curves.Select(curve => curve.Points.Count), Is.All.EqualTo(6));
    }

    private static Distortion[] All() => Enum.GetValues<Distortion>();
}
