namespace FerMl;

/// <summary>An image can't be read as a face: it is damaged, truncated, empty, too large, or not an image.</summary>
public sealed class FaceImageException : FerMlException
{
    /// <summary>Creates the exception with a message that names the image and the problem.</summary>
    public FaceImageException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public FaceImageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
