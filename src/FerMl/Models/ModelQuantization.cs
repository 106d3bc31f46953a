namespace FerMl;

/// <summary>How a model's convolutions were quantized to int8.</summary>
/// <param name="Faces">Number of training faces that the activation ranges were measured on.</param>
public sealed record ModelQuantization(int Faces);
