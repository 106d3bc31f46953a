namespace FerMl.Tests;

public class StratificationTests
{
    private static readonly (int Key, int Class)[] Items = [.. Enumerable.Range(0, 1_000).Select(i => (i, i < 700 ? 0 : i < 990 ? 1 : 2))];

    [TestCase(0.2)]
    [TestCase(0.333)]
    [TestCase(0.9)]
    public void Draw_KeepsClassesInProportion(double share)
    {
        var drawn = Stratification.Draw(Items, share, seed: 1);
        Assert.That(drawn, Has.Length.EqualTo(Math.Round(1_000 * share)));
        Assert.That(drawn, Is.Unique.And.Ordered);
        foreach (var (number, size) in new[] { (0, 700), (1, 290), (2, 10) })
            Assert.That(drawn.Count(key => Items[key].Class == number), Is.EqualTo(size * share).Within(1));
    }

    [Test]
    public void Draw_RareClass_IsInBothParts() =>
        Assert.That(Stratification.Draw(Items, 0.01, seed: 1).Count(key => Items[key].Class == 2), Is.EqualTo(1));

    [Test]
    public void Draw_IsMadeBySeed()
    {
        Assert.That(Stratification.Draw(Items, 0.5, seed: 1), Is.EqualTo(Stratification.Draw(Items, 0.5, seed: 1)));
        Assert.That(Stratification.Draw(Items, 0.5, seed: 1), Is.Not.EqualTo(Stratification.Draw(Items, 0.5, seed: 2)));
    }
}
