using System.Diagnostics.CodeAnalysis;

namespace FerMl.Training;

/// <summary>
/// The numbers that a network computes with in training. Weights, batch statistics and the loss are float32 always; how the model
/// file keeps weights is <see cref="WeightFormat"/>'s to say.
/// </summary>
public enum Precision
{
    /// <summary>
    /// bfloat16 on a processor or NVIDIA GPU with instructions for it and a network large enough to gain by it, else float32. The
    /// model's card says which it was.
    /// </summary>
    Auto,

    /// <summary>float32.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float32,

    /// <summary>
    /// bfloat16: eight bits of exponent as in float32, eight of mantissa instead of 24. Right anywhere, slow where the processor
    /// lacks it.
    /// </summary>
    BFloat16,
}
