namespace FerMl.Training.Onnx;

/// <summary>A dimension of a graph's input or output: a fixed length, or a named dynamic dimension.</summary>
internal readonly record struct OnnxDimension(long Length, string? Name)
{
    public static implicit operator OnnxDimension(int length) => new(length, null);

    public static implicit operator OnnxDimension(string name) => new(0, name);
}
