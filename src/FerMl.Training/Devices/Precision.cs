using System.Diagnostics.CodeAnalysis;

namespace FerMl.Training;

/// <summary>
/// The number type of the computation in training. Weights, batch statistics and the loss are always float32; <see cref="WeightFormat"/>
/// sets the type of the weights in the model file.
/// </summary>
public enum Precision
{
    /// <summary>
    /// bfloat16 on processors and NVIDIA GPUs with hardware support for it, if the network is large enough to benefit; otherwise float32.
    /// The model's card records the choice.
    /// </summary>
    Auto,

    /// <summary>float32.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float32,

    /// <summary>
    /// bfloat16: eight exponent bits, as in float32, and eight mantissa bits instead of 24. It is correct on every device, but slow on
    /// processors without hardware support.
    /// </summary>
    BFloat16,
}
