using System.Diagnostics.CodeAnalysis;

namespace FerMl.Training;

/// <summary>How a model file keeps its weights. The model computes in single precision either way.</summary>
public enum WeightFormat
{
    /// <summary>Four bytes a weight, as they were trained.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float32,

    /// <summary>
    /// Two bytes a weight (IEEE 754 half precision, eleven bits of mantissa): half the size, scores that differ by less than 0.01.
    /// </summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float16,
}
