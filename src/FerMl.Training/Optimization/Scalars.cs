using TorchSharp;

namespace FerMl.Training;

/// <summary>
/// Numbers that tensor operations take, made once. A number that is turned into a <see cref="Scalar"/> on the way into a call can be freed
/// by the garbage collector while libtorch still reads it (TorchSharp 0.107 doesn't keep it alive), which ends in an error or, worse, in a
/// wrong number; so everything that runs in a loop takes rooted scalars, also where leaving a number out would mean 1, as in
/// additions (docs/development/decisions/training-speed.md).
/// </summary>
internal static class Scalars
{
    public static readonly Scalar One = 1;
}
