namespace FerMl.Vision.Tests;

public class FaceDistortionTests : VisionTests
{
    [TestCase(Corruption.Brightness, 0)]
    [TestCase(Corruption.Contrast, 0)]
    [TestCase(Corruption.Rotation, 0)]
    [TestCase(Corruption.Noise, 0)]
    [TestCase(Corruption.Occlusion, 0)]
    [TestCase(Corruption.Downscaling, 1)]
    public void Apply_OfNoStrength_ChangesNothing(Corruption corruption, double severity) =>
        Assert.That(FaceCorruption.Apply(corruption, severity, Faces[0], 4), Is.EqualTo(Faces[0]));

    [TestCaseSource(nameof(All))]
    public void Apply_OfGrowingStrength_ChangesMore(Corruption corruption)
    {
        var changes = FaceCorruption.Severities(corruption).Select(severity =>
            Faces.Select((face, i) => FaceCorruption.Apply(corruption, severity, face, i).Zip(face, (one, other) => Math.Abs(one - other))
                .Average()).Average()).ToArray();
        Assert.That(changes, Is.Ordered.And.Unique);
        Assert.That(changes[0], Is.GreaterThan(0.3));
    }

    [TestCaseSource(nameof(All))]
    public void Apply_OfTheSame_GivesTheSame(Corruption corruption)
    {
        var severity = FaceCorruption.Severities(corruption)[2];
        Assert.That(FaceCorruption.Apply(corruption, severity, Faces[0], 3),
            Is.EqualTo(FaceCorruption.Apply(corruption, severity, Faces[0], 3)));
    }

    [Test]
    public void Apply_OfBrightness_LiftsOneFaceAndLowersTheNext()
    {
        var gray = Enumerable.Repeat((byte)100, FaceResampler.PixelCount).ToArray();
        Assert.That((FaceCorruption.Apply(Corruption.Brightness, 40, gray, 0)[7],
            FaceCorruption.Apply(Corruption.Brightness, 40, gray, 1)[7]), Is.EqualTo(((byte)140, (byte)60)));
    }

    [Test]
    public void Apply_OfAnotherSize_Throws() =>
        Assert.That(() => FaceCorruption.Apply(Corruption.Blur, 1, new byte[10], 0), Throws.TypeOf<ArgumentException>());

    [Test]
    public void Run_MeasuresFacesAsTheyAreAndEachStrength()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var faces = SyntheticFaces.Create(140, seed: 5);
        var curves = RobustnessStudy.Run(predictor, faces);
        var clean = faces.Samples.Zip(predictor.Predict(faces), (face, prediction) => face.Emotion.ToLabel() == prediction.Label ? 1.0 : 0)
            .Average();
        Assert.That(curves.Select(curve => curve.Corruption), Is.EqualTo(Enum.GetValues<Corruption>()));
        Assert.That(curves.Select(curve => curve.Points[0].Accuracy), Is.All.EqualTo(clean).Within(1e-9));
        Assert.That(curves.Select(curve => curve.Points.Count), Is.All.EqualTo(6));
    }

    private static Corruption[] All() => Enum.GetValues<Corruption>();
}
