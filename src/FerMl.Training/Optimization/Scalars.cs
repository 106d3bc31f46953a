using TorchSharp;

namespace FerMl.Training;

/// <summary>
/// Rooted scalars for tensor operations. The garbage collector can free a number that is converted to a <see cref="Scalar"/> in a call
/// while libtorch still reads it, since TorchSharp 0.107 doesn't keep it alive. That causes errors or, worse, wrong numbers. So code that
/// runs in a loop passes rooted scalars, even for the implied 1 of additions (docs/development/decisions/training-speed.md).
/// </summary>
internal static class Scalars
{
    public static readonly Scalar One = 1;
}
