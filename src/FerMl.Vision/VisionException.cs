namespace FerMl.Vision;

/// <summary>
/// A camera, video, photo or face cascade can't be used, or a recording can't be written. The message names it and says what to do.
/// </summary>
public sealed class VisionException : FerMlException
{
    /// <summary>Makes the error with a message that names the thing and what is wrong with it.</summary>
    public VisionException(string message) : base(message)
    {
    }

    /// <summary>Makes the error with a message and its cause.</summary>
    public VisionException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
