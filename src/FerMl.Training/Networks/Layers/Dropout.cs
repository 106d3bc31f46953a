using FerMl.Training.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>
/// Dropout (Srivastava et al., 2014): in training, zeroes random elements and scales up the others; otherwise does nothing.
/// </summary>
/// <param name="Rate">The probability of zeroing an element, 0 to below 1.</param>
public sealed record Dropout(double Rate) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> OutputShape(IReadOnlyList<int> input) =>
        Rate is >= 0 and < 1 ? input : throw new NetworkException($"{this}: a dropout rate is at least 0 and below 1.");

    internal override Module<Tensor, Tensor> Build(IReadOnlyList<int> input) => Dropout(Rate);

    internal override string Export(OnnxGraph graph, string input, Module<Tensor, Tensor> module) => input;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"dropout {Rate}");
}
