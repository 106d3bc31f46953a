namespace FerMl;

/// <summary>A file isn't a FerMl model, or is damaged; the message names the file and the remedy.</summary>
public sealed class EmotionModelException : FerMlException
{
    /// <summary>Creates the exception.</summary>
    public EmotionModelException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
