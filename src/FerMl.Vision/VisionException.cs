namespace FerMl.Vision;

/// <summary>
/// A camera, video, photo or face cascade can't be used, or a recording can't be written. The message names it and how to fix it.
/// </summary>
public sealed class VisionException : FerMlException
{
    /// <summary>Creates the exception with a message that names the resource and what is wrong with it.</summary>
    public VisionException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public VisionException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
