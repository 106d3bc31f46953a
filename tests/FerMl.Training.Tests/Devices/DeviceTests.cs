using System.ComponentModel.DataAnnotations;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class DeviceTests
{
    [TestCase("auto", true)]
    [TestCase("cpu", true)]
    [TestCase("cuda", true)]
    [TestCase("cuda:1", true)]
    [TestCase("mps", true)]
    [TestCase("cuda:", false)]
    [TestCase("cuda:-1", false)]
    [TestCase("gpu", false)]
    public void IsName_KnowsTheDevices(string name, bool expected)
    {
        Assert.That(DeviceChoice.IsName(name), Is.EqualTo(expected));
        if (!expected)
            Assert.That(new EmotionTrainerOptions
            {
                Execution = new() { Device = name },
            }.Validate, Throws.TypeOf<ValidationException>().With.Message.Contains($"Device is {name}; it must be auto, cpu, cuda"));
    }

    [Test]
    public void Resolve_CpuIsAlwaysThere_AndAnAbsentDeviceIsNamed()
    {
        Assert.That(DeviceChoice.Resolve("cpu").type, Is.EqualTo(DeviceType.CPU));
        Assert.That(() => DeviceChoice.Resolve("cuda:99"),
            Throws.TypeOf<TrainingException>().With.Message.Contains("Device 'cuda:99' isn't available").And.Message.Contains("Use cpu."));
    }

    [Test]
    public void Precision_Automatic_DependsOnProcessorAndNetwork()
    {
        var (strong, tiny) = (NetworkPreset.Strong.Network(new(0)), NetworkPreset.Tiny.Network(new(0)));
        var large = PrecisionChoice.HasFastBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        Assert.That(PrecisionChoice.Resolve(Precision.Auto, strong, 96, CPU), Is.EqualTo(large));
        Assert.That(PrecisionChoice.Resolve(Precision.Auto, tiny, 32, CPU), Is.EqualTo(ScalarType.Float32));
        Assert.That(PrecisionChoice.Resolve(Precision.Float32, strong, 96, CPU), Is.EqualTo(ScalarType.Float32));
        Assert.That(PrecisionChoice.Resolve(Precision.BFloat16, tiny, 1, CPU), Is.EqualTo(ScalarType.BFloat16));
        Assert.That(PrecisionChoice.Resolve(Precision.Auto, strong, 96, new Device(DeviceType.META)), Is.EqualTo(ScalarType.Float32),
            "only CPUs were measured");
    }

    [Test]
    public void Precision_Taken_StandsInTheCard()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with { Epochs = 1, Precision = Precision.BFloat16 });
        Assert.That((model.CreateCard().Precision, model.CreateCard().Device), Is.EqualTo(("BFloat16", "CPU")));
        using var single = TrainingData.Fit(TrainingData.Quick with { Epochs = 1 });
        Assert.That(single.CreateCard().Precision, Is.EqualTo("Float32"));
    }

    [Test, Category("Slow")]
    public void Fit_BFloat16_LearnsSyntheticFacesToo()
    {
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            Epochs = 8,
            Precision = Precision.BFloat16,
        }, SyntheticFaces.Create(2_000, seed: 52));
        Assert.That(model.History.Max(report => report.ValidationAccuracy), Is.GreaterThan(0.85));
    }
}
