namespace FerMl.Experiments.Tests;

public class FoldsTests
{
    private static int[] Labels(params int[] counts) => [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];

    [TestCase(30, 20, 4, 20)]
    [TestCase(120, 80, 2, 10)]
    [TestCase(600, 300, 1, 5)]
    [TestCase(40, 3, 4, 12)]
    public void FewFaces_AreCrossValidated_EachHeldOutOnceInEveryRepetition(int first, int second, int repeats, int folds)
    {
        var labels = Labels(first, second);
        var divided = Folds.Of(labels, 1);
        Assert.That((divided.Repeats, divided.HeldOut.Count, divided.IsCrossValidation), Is.EqualTo((repeats, folds, true)));
        foreach (var repetition in divided.HeldOut.Chunk(folds / repeats))
        {
            Assert.That(repetition.SelectMany(fold => fold), Is.EquivalentTo(Enumerable.Range(0, labels.Length)));
            Assert.That(repetition.Select(fold => fold.Count(face => labels[face] == 1)), Is.All.InRange(
                second * repeats / folds, second * repeats / folds + 1), "the labels are in proportion");
        }
        Assert.That(divided.HeldOut.Select(fold => string.Join(' ', fold)), Is.Unique, "each repetition splits differently");
        Assert.That(Folds.Of(labels, 1).HeldOut, Is.EqualTo(divided.HeldOut));
        Assert.That(Folds.Of(labels, 2).HeldOut, Is.Not.EqualTo(divided.HeldOut));
    }

    [Test]
    public void ManyFaces_AreDividedOnce()
    {
        var divided = Folds.Of(Labels(1_500, 600), 1);
        Assert.That((divided.HeldOut.Count, divided.HeldOut[0].Length, divided.IsCrossValidation), Is.EqualTo((1, 420, false)));
    }
}
