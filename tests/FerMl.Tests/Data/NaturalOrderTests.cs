namespace FerMl.Tests;

public class NaturalOrderTests
{
    [TestCase("2.png", "10.png")]
    [TestCase("img9", "img10")]
    [TestCase("img09", "img10")]
    [TestCase("a/2/x", "a/10/a")]
    [TestCase("01", "1")]
    [TestCase("a", "b")]
    [TestCase("a", "a1")]
    [TestCase("99999999999999999999998", "99999999999999999999999")]
    [TestCase("", "0")]
    public void Compare_PutsNumbersInTheirOrder(string first, string second)
    {
        Assert.That(NaturalOrder.Comparer.Compare(first, second), Is.Negative);
        Assert.That(NaturalOrder.Comparer.Compare(second, first), Is.Positive);
        Assert.That(NaturalOrder.Comparer.Compare(first, first), Is.Zero);
    }
}
