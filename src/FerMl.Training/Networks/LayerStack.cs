using System.Collections.Immutable;
using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Layers with their modules, one after the other; none at all gives what it is given.</summary>
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
    /// <returns>The name of the last one's output.</returns>
    public string Export(OnnxGraph graph, string input) => Steps.Aggregate(input, (x, step) => step.Layer.Export(graph, x, step.Module));

    /// <summary>Gives all modules the weights of a network of the same layers.</summary>
    /// <exception cref="InvalidDataException">It has other layers.</exception>
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
