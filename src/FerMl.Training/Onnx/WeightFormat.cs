using System.Diagnostics.CodeAnalysis;

namespace FerMl.Training;

/// <summary>The format of the weights in a model file.</summary>
public enum WeightFormat
{
    /// <summary>float32: four bytes per weight, as trained.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float32,

    /// <summary>
    /// float16: two bytes per weight (IEEE 754, eleven bits of mantissa). The file has half the size, and scores differ by less than 0.01.
    /// </summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Float16,

    /// <summary>
    /// int8: one byte per weight of the convolutions, which also compute in int8. This takes a third of the time on processors with VNNI
    /// instructions, at the same accuracy. BiLSTM and classifier compute in float32 from float16 weights. The file also contains the
    /// network as trained, in float16, for trainings that start from it (<see cref="EmotionModel.TrainedOnnx"/>).
    /// </summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Int8,
}
