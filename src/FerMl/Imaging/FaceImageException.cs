namespace FerMl;

/// <summary>An image could not be read as a face: it is no image, damaged, cut short, empty, or too large.</summary>
public sealed class FaceImageException : FerMlException
{
    /// <summary>Makes the error with a message that names the image and what is wrong with it.</summary>
    public FaceImageException(string message) : base(message)
    {
    }

    /// <summary>Makes the error with a message and its cause.</summary>
    public FaceImageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
