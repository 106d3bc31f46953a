namespace FerMl.Training;

/// <summary>A network's layers don't fit together; the message names the layer and the shape that it was given.</summary>
public sealed class NetworkException : FerMlException
{
    /// <summary>Makes the error.</summary>
    public NetworkException(string message) : base(message)
    {
    }
}
