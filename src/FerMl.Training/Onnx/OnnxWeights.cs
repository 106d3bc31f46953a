using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training.Onnx;

/// <summary>Copies a module's weights into a graph, and back.</summary>
internal static class OnnxWeights
{
    /// <summary>Adds a parameter or buffer of a module, with its shape.</summary>
    /// <returns>The name of the weights in the graph.</returns>
    public static string Weights(this OnnxGraph graph, Module<Tensor, Tensor> module, string name)
    {
        var tensor = Find(module, name);
        return graph.Floats(ToArray(tensor), tensor.shape);
    }

    public static float[] ToArray(Tensor tensor)
    {
        using var plain = tensor.detach().cpu().to(ScalarType.Float32).contiguous();
        return plain.data<float>().ToArray();
    }

    public static void Set(Tensor into, float[] values)
    {
        using var noGrad = no_grad();
        using var plain = tensor(values, into.shape);
        into.copy_(plain);
    }

    public static Tensor Find(Module<Tensor, Tensor> module, string name) => module.state_dict()[name];
}
