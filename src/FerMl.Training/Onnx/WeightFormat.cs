using System.Diagnostics.CodeAnalysis;

namespace FerMl.Training;

/// <summary>How a model file keeps its weights.</summary>
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

    /// <summary>
    /// One byte a weight of the convolutions, which compute in int8, too: a third of the time on processors with
    /// VNNI instructions, at the same accuracy. BiLSTM and classifier compute in float32, their weights kept in half. The file has
    /// the network as it was trained besides, in half precision, for trainings that begin with it (<see cref="EmotionModel.TrainedOnnx"/>).
    /// </summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "It is the number type's name, in PyTorch too.")]
    Int8,
}
