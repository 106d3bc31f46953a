namespace FerMl;

/// <summary>How a model's convolutions were made to compute in int8.</summary>
/// <param name="Faces">Number of training faces that the ranges of their numbers were measured on.</param>
public sealed record ModelQuantization(int Faces);
