using System.Collections.Immutable;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A definition with weights: grey levels [batch, 1, 48, 48] in, logits [batch, classes] out.</summary>
internal sealed class FaceNetwork : Module<Tensor, Tensor>
{
    /// <param name="definition">The layers.</param>
    /// <param name="classes">Number of labels.</param>
    /// <param name="mean">Mean grey level of the training faces.</param>
    /// <param name="deviation">Standard deviation of their grey levels, above 0.</param>
    public FaceNetwork(NetworkDefinition definition, int classes, float mean, float deviation) : base(definition.Name)
    {
        (Definition, Mean, Deviation) = (definition, mean, deviation);
        var steps = ImmutableArray.CreateBuilder<(Layer, Module<Tensor, Tensor>)>();
        IReadOnlyList<int> shape = [1, FaceResampler.Side, FaceResampler.Side];
        foreach (var layer in definition.Layers.Add(new Dense(classes)))
        {
            var module = layer.Build(shape);
            register_module($"{steps.Count:D2}_{layer.GetType().Name}", module);
            steps.Add((layer, module));
            shape = layer.OutputShape(shape);
        }
        Steps = steps.ToImmutable();
    }

    public NetworkDefinition Definition { get; }
    public float Mean { get; }
    public float Deviation { get; }

    /// <summary>Each layer with its module, in order, the classifier included.</summary>
    public ImmutableArray<(Layer Layer, Module<Tensor, Tensor> Module)> Steps { get; }

    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = (input - Mean) / Deviation;
        foreach (var (_, module) in Steps)
            x = module.forward(x);
        return x.MoveToOuterDisposeScope();
    }
}
