namespace FerMl.Training;

/// <summary>A network's layers don't fit together; the message names the layer and its input shape.</summary>
public sealed class NetworkException : FerMlException
{
    /// <summary>Creates the exception.</summary>
    public NetworkException(string message) : base(message)
    {
    }
}
