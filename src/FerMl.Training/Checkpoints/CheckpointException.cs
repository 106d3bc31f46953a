namespace FerMl.Training;

/// <summary>A checkpoint can't be written, read or resumed from; the message names the file and the remedy.</summary>
public sealed class CheckpointException : FerMlException
{
    /// <summary>Creates the exception.</summary>
    public CheckpointException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
