namespace FerMl.Tests;

public class FormerNamesTests
{
    [TestCase("dropout 0,1; dense 7", "dropout 0.1; dense 7")]
    [TestCase("convolution 3x3, 32; dropout 0.25", "convolution 3x3, 32; dropout 0.25")]
    public void Layer_RateWithAComma_IsReadAsToday(string written, string expected) =>
        Assert.That(FormerNames.Layer(written), Is.EqualTo(expected));
}
