namespace FerMl.Tests;

public class FerDatasetSplitTests
{
    private static FerDataset Own(int count) =>
        FerDataset.CreateLabeled("own", SyntheticFaces.Create(count, seed: 3).Samples.Select((face, i) => (
            face.Pixels.ToArray(), i % 4 == 0 ? "glasses" : "none", Usage.Training)));

    [Test]
    public void Split_HoldsOutAShareOfEachLabel()
    {
        var split = Own(400).StratifiedSplit(0.25, seed: 7);
        Assert.That(split.Count, Is.EqualTo(400));
        Assert.That(split.CountOf(Usage.PublicTest, "glasses"), Is.EqualTo(25));
        Assert.That(split.CountOf(Usage.PublicTest, "none"), Is.EqualTo(75));
        Assert.That(split.Samples.Select(face => face.Label), Is.EqualTo(Own(400).Samples.Select(face => face.Label)));
    }

    [Test]
    public void Split_IsAFunctionOfTheSeed()
    {
        int[] HeldOut(int seed) => [.. Own(100).StratifiedSplit(seed: seed).Samples.Where(face => face.Usage == Usage.PublicTest)
            .Select(face => face.Index)];
        Assert.That(HeldOut(1), Is.EqualTo(HeldOut(1)).And.Not.EqualTo(HeldOut(2)));
        Assert.That(HeldOut(1), Has.Length.EqualTo(20));
    }

    [Test]
    public void Split_KeepsIdenticalFacesTogether_AndATrainingFaceOfEveryLabel()
    {
        var pixels = SyntheticFaces.Create(70, seed: 4).Samples.Take(12).Select(face => face.Pixels.ToArray()).ToArray();
        // Each face twice; 'rare' has one face, ten times.
        var faces = FerDataset.CreateLabeled("own", [
            .. Enumerable.Range(0, 22).Select(i => (pixels[i / 2], i / 2 % 2 == 0 ? "a" : "b", Usage.Training)),
            .. Enumerable.Repeat((pixels[11], "rare", Usage.Training), 10)]);
        for (var seed = 0; seed < 20; seed++)
        {
            var split = faces.StratifiedSplit(0.4, seed);
            Assert.That(split.Samples.Take(22).Chunk(2), Is.All.Matches<FaceSample[]>(pair => pair[0].Usage == pair[1].Usage));
            Assert.That(split.Labels.Select(label => split.CountOf(Usage.Training, label)), Is.All.Positive);
            Assert.That(DuplicateAudit.Of(split).LeakedFromTraining(), Is.Empty);
        }
    }

    [Test]
    public void Split_OfIdenticalFacesWithOtherLabels_KeepsThemTogether_UnderTheFirstOnesLabel()
    {
        var pixels = SyntheticFaces.Create(70, seed: 4).Samples.Take(11).Select(face => face.Pixels.ToArray()).ToArray();
        // Each face twice, under two labels; of 'rare' there is one face.
        var faces = FerDataset.CreateLabeled("own", Enumerable.Range(0, 22).Select(i => (
            pixels[i / 2], i == 0 ? "rare" : i % 2 == 0 ? "a" : "b", Usage.Training)));
        for (var seed = 0; seed < 20; seed++)
        {
            var split = faces.StratifiedSplit(0.5, seed);
            Assert.That(split.Samples.Chunk(2), Is.All.Matches<FaceSample[]>(pair => pair[0].Usage == pair[1].Usage));
            Assert.That(split.CountOf(Usage.Training, "rare"), Is.EqualTo(1));
        }
    }

    [Test]
    public void Split_LeavesOtherUsagesAsTheyAre()
    {
        var faces = SyntheticFaces.Create(350, seed: 5);
        var split = faces.StratifiedSplit();
        foreach (var face in faces.Samples.Where(face => face.Usage != Usage.Training))
            Assert.That(split[face.Index].Usage, Is.EqualTo(face.Usage));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void Split_WithAShareThatIsNone_IsRefused(double share) =>
        Assert.That(() => Own(20).StratifiedSplit(share), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Split_WithNothingToHoldOut_SaysSo()
    {
        var one = FerDataset.CreateLabeled("own", Enumerable.Repeat((new byte[FaceResampler.PixelCount], "a", Usage.Training), 5));
        Assert.That(() => one.StratifiedSplit(),
            Throws.TypeOf<FerDataException>().With.Message.Contains("own: no label has two different Training faces"));
    }

    [Test]
    public void Evaluation_OfDataWithoutATestPart_SaysWhatToDo()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var faces = SyntheticFaces.Create(70).Where(face => face.Usage == Usage.Training);
        Assert.That(() => EmotionEvaluation.Run(predictor, faces), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "has no PublicTest faces; hold some out with StratifiedSplit, or set EvaluationOptions.Usages"));
        Assert.That(EmotionEvaluation.Run(predictor, faces.StratifiedSplit(0.5)).Faces, Is.Not.Empty);
    }
}
