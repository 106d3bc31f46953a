using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class LstmRecurrenceTests
{
    [TestCase(36, 5, 16, 32)]
    [TestCase(1, 1, 1, 16)]
    [TestCase(7, 33, 3, 48)]
    public void Recurrence_Float32_IsNnLstm_InValuesAndGradients(int steps, int batch, int features, int hidden)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var module = Module(features, hidden, spread: 0.6);
        var input = randn(batch, steps, features).requires_grad_(true);
        var weighting = randn(batch, steps, 2 * hidden);
        Tensor[] variables = [input, .. module.parameters()];

        var expected = module.Library(input);
        var actual = module.Recurrence(input);
        Assert.That(Distance(actual, expected), Is.LessThan(1e-4));
        var expectedGradients = autograd.grad([(expected * weighting).sum()], variables);
        var actualGradients = autograd.grad([(actual * weighting).sum()], variables);
        Assert.Multiple(() =>
        {
            for (var i = 0; i < variables.Length; i++)
                Assert.That(Distance(actualGradients[i], expectedGradients[i]),
                    Is.LessThan(1e-4 * Math.Max(1, expectedGradients[i].abs().max().item<float>())), $"gradient {i}");
        });
        if (steps > 1)
            Assert.That(expected.std().item<float>(), Is.GreaterThan(0.1), "outputs that hardly vary would hide errors");
    }

    [TestCase(12)]
    [TestCase(16)]
    [TestCase(40)]
    [TestCase(128)]
    public void Forward_WithoutGradients_IsAsWithThem(int hidden)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var module = Module(24, hidden, spread: 0.3);
        var input = randn(4, 36, 24);
        var expected = module.forward(input);
        using var noGrad = no_grad();
        var actual = module.forward(input);
        Assert.That(actual.requires_grad, Is.False);
        Assert.That(Distance(actual, expected), Is.LessThan(1e-5));
    }

    [TestCase(16, Description = "FerMl's own recurrence")]
    [TestCase(12, Description = "too narrow for it")]
    public void Forward_BFloat16_IsCloseToSinglePrecision(int hidden)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var module = Module(16, hidden, spread: 0.3);
        var input = randn(8, 36, 16);
        using var noGrad = no_grad();
        var rounded = module.forward(input.to(ScalarType.BFloat16));
        Assert.That(rounded.dtype, Is.EqualTo(ScalarType.BFloat16));
        Assert.That(Distance(rounded.to(ScalarType.Float32), module.forward(input)), Is.InRange(1e-5, 0.06),
            "bfloat16 has eight bits of mantissa");
    }

    [Test]
    public void Parameters_HaveNnLstmsNames()
    {
        using var module = Module(4, 3, spread: 0.1);
        Assert.That(module.named_parameters().Select(parameter => parameter.name), Is.EquivalentTo(new[]
        {
            "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
            "lstm.weight_ih_l0_reverse", "lstm.weight_hh_l0_reverse", "lstm.bias_ih_l0_reverse", "lstm.bias_hh_l0_reverse",
        }));
    }

    private static BiLstmModule Module(int features, int hidden, double spread)
    {
        var module = new BiLstmModule(features, hidden);
        using var noGrad = no_grad();
        foreach (var parameter in module.parameters())
            parameter.normal_(0, spread);
        return module;
    }

    private static float Distance(Tensor one, Tensor other) => (one - other).abs().max().item<float>();
}
