namespace FerMl.Training;

/// <summary>A checkpoint can't be written, read or continued from; the message names the file and the remedy.</summary>
public sealed class CheckpointException : FerMlException
{
    /// <summary>Makes the error.</summary>
    public CheckpointException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
