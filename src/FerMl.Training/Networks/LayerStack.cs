using System.Collections.Immutable;
using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>A sequence of layers with their modules; an empty one returns its input.</summary>
internal sealed class LayerStack : Module<Tensor, Tensor>
{
    public LayerStack(IEnumerable<Layer> layers, IReadOnlyList<int> input) : base(nameof(LayerStack))
    {
        var steps = ImmutableArray.CreateBuilder<(Layer, Module<Tensor, Tensor>)>();
        foreach (var layer in layers)
        {
            var module = layer.Build(input);
            register_module($"{steps.Count:D2}_{layer.GetType().Name}", module);
            steps.Add((layer, module));
            input = layer.OutputShape(input);
        }
        Steps = steps.ToImmutable();
    }

    public ImmutableArray<(Layer Layer, Module<Tensor, Tensor> Module)> Steps { get; }

    public override Tensor forward(Tensor input) => Steps.Aggregate(input, (x, step) => step.Module.forward(x));

    /// <summary>Appends all layers to a graph.</summary>
    /// <returns>The name of the last layer's output.</returns>
    public string Export(OnnxGraph graph, string input) => Steps.Aggregate(input, (x, step) => step.Layer.Export(graph, x, step.Module));

    /// <summary>Loads the weights of a network with the same layers into all modules.</summary>
    /// <exception cref="InvalidDataException">The network has other layers.</exception>
    public void Import(OnnxWeightReader reader)
    {
        foreach (var (layer, module) in Steps)
            layer.Import(reader, module);
    }

    public static long MultiplyAdds(IEnumerable<Layer> layers, IReadOnlyList<int> input)
    {
        var sum = 0L;
        foreach (var layer in layers)
        {
            sum += layer.MultiplyAdds(input);
            input = layer.OutputShape(input);
        }
        return sum;
    }
}
