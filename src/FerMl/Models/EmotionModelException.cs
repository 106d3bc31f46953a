namespace FerMl;

/// <summary>A file is no FerMl model, or is damaged; the message names the file and the remedy.</summary>
public sealed class EmotionModelException : FerMlException
{
    /// <summary>Makes the error.</summary>
    public EmotionModelException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
