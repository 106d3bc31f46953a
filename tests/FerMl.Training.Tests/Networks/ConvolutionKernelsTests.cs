using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class ConvolutionKernelsTests
{
    private static readonly string[] What = ["maps", "the images' gradient", "the weights' gradient"];

    [Test]
    public void Convolve_ToFewChannels_GivesThemChannelByChannel_AndTakesThemSo([Values(1, 5, 12)] int from, [Values(12, 24)] int to)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var images = from == 12 ? randn(2, from, 9, 9) : ChannelsLast.Copy(randn(2, from, 9, 9));
        var weight = ChannelsLast.Copy(randn(to, from, 3, 3));
        var expected = nn.functional.conv2d(images.to(ScalarType.Float64), weight.to(ScalarType.Float64), padding: [1L, 1L]);
        foreach (var convolve in (Func<Tensor, Tensor, long[], long[], Tensor>[])[
            ConvolutionKernels.Convolve, ConvolutionKernels.ConvolveDense])
        {
            var maps = convolve(images, weight, [1, 1], [1, 1]);
            Assert.That(maps.is_contiguous() || to >= ChannelsLast.Narrow);
            Assert.That((maps.to(ScalarType.Float64) - expected).abs().max().item<double>(), Is.LessThan(1e-4));
        }
    }

    [Test]
    public void Convolve_GivesDoublePrecisionsValuesAndGradients(
        [Values(1, 5, 24, 48)] int from, [Values(12, 24, 32, 80)] int to, [Values(1, 3)] int kernel, [Values(1, 2)] int stride,
        [Values] bool isHalf)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var type = isHalf ? ScalarType.BFloat16 : ScalarType.Float32;
        var images = ChannelsLast.Copy(randn(3, from, 14, 14).to(type));
        var weight = ChannelsLast.Copy(randn(to, from, kernel, kernel).to(type));
        long[] strides = [stride, stride], padding = [kernel / 2, kernel / 2];
        // Double precision doesn't use oneDNN.
        var exact = Compute(ScalarType.Float64, (x, w, steps, around) => nn.functional.conv2d(x, w, strides: steps, padding: around));
        // With one channel, the input is pixel values, which have no gradient.
        int[] which = from == 1 ? [0, 2] : [0, 1, 2];
        foreach (var results in new[] { Compute(type, ConvolutionKernels.Convolve), Compute(type, ConvolutionKernels.ConvolveDense) })
            foreach (var i in which)
                Assert.That((results[i].to(ScalarType.Float64) - exact[i]).abs().max().item<double>(),
                    Is.LessThan((isHalf ? 0.03 : 1e-5) * exact[i].abs().max().item<double>()), What[i]);

        Tensor[] Compute(ScalarType type, Func<Tensor, Tensor, long[], long[], Tensor> convolve)
        {
            var (x, w) = (images.detach().to(type).requires_grad_(from > 1), weight.detach().to(type).requires_grad_());
            var maps = convolve(x, w, strides, padding);
            maps.backward([cos(arange(maps.numel(), ScalarType.Float64)).reshape(maps.shape).to(type)]);
            return [maps, x.grad ?? x, w.grad!];
        }
    }
}
