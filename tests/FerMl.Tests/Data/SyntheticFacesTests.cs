namespace FerMl.Tests;

public class SyntheticFacesTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(2_100, seed: 11);

    [Test]
    public void Create_IsMadeBySeed()
    {
        Assert.That(SyntheticFaces.Create(140, seed: 5).Fingerprint, Is.EqualTo(SyntheticFaces.Create(140, seed: 5).Fingerprint));
        Assert.That(SyntheticFaces.Create(140, seed: 6).Fingerprint, Is.Not.EqualTo(SyntheticFaces.Create(140, seed: 5).Fingerprint));
    }

    [Test]
    public void Create_HasEveryEmotionInEveryUsage()
    {
        foreach (var emotion in EmotionTask.Seven.Emotions)
            Assert.That(Enum.GetValues<Usage>().Select(usage => Faces.CountOf(usage, emotion)), Is.EqualTo(new[] { 240, 30, 30 }));
    }

    [Test]
    public void Create_OfEight_DrawsContempt()
    {
        var faces = SyntheticFaces.Create(80, task: EmotionTask.Eight);
        Assert.That(Enum.GetValues<Usage>().Select(usage => faces.CountOf(usage, Emotion.Contempt)), Is.EqualTo(new[] { 8, 1, 1 }));
        Assert.That(() => SyntheticFaces.Create(79, task: EmotionTask.Eight), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Create_FewestFaces_StillHasEveryEmotionInEveryUsage() =>
        Assert.That(from emotion in EmotionTask.Seven.Emotions
                    from usage in Enum.GetValues<Usage>()
                    select SyntheticFaces.Create(70)
            .CountOf(usage, emotion), Is.All.Positive);

    [TestCase(69)]
    [TestCase(100_001)]
    public void Create_CountOutOfRange_Throws(int count) =>
        Assert.That(() => SyntheticFaces.Create(count), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Create_NoTwoFacesAreAlike() => Assert.That(DuplicateAudit.Of(Faces).Groups, Is.Empty);

    [Test]
    public void Emotions_CantBeToldByMeanBrightness() =>
        Assert.That(AccuracyFrom(face => face.Pixels.ToArray().Average(level => level)), Is.LessThan(0.25), "chance is 0.143");

    [Test]
    public void Emotions_CantBeToldByAnySinglePixel()
    {
        var best = Enumerable.Range(0, FaceResampler.PixelCount).Max(pixel => AccuracyFrom(face => face.Pixels[pixel]));
        // The best of 2,304 pixels is slightly above chance by luck.
        Assert.That(best, Is.LessThan(0.3), "chance is 0.143");
    }

    /// <summary>
    /// Test accuracy of a classifier of one number: it predicts the most frequent emotion of the training faces in each of 16 equal parts
    /// of the number's range.
    /// </summary>
    private static double AccuracyFrom(Func<FaceSample, double> feature)
    {
        var votes = new int[17, 7];
        foreach (var face in Faces.Samples.Where(face => face.Usage == Usage.Training))
            votes[(int)(feature(face) / 16), (int)face.Emotion]++;
        var tests = Faces.Samples.Where(face => face.Usage != Usage.Training).ToArray();
        return (double)tests.Count(face =>
        {
            var part = (int)(feature(face) / 16);
            return Enumerable.Range(0, 7).MaxBy(emotion => votes[part, emotion]) == (int)face.Emotion;
        }) / tests.Length;
    }
}
