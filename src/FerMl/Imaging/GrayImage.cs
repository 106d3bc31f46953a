namespace FerMl;

/// <summary>A gray image of any size, of one face or of a scene for face detection.</summary>
/// <param name="Pixels">Pixel values 0..255, row by row, width x height of them.</param>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
public readonly record struct GrayImage(ReadOnlyMemory<byte> Pixels, int Width, int Height);
