namespace FerMl.Training;

/// <summary>
/// Training can't continue: the data don't suit it, or the loss is no longer a number. The message says where and what to do.
/// </summary>
public sealed class TrainingException : FerMlException
{
    /// <summary>Makes the error.</summary>
    public TrainingException(string message) : base(message)
    {
    }

    /// <summary>Makes the error, with the one behind it.</summary>
    public TrainingException(string message, Exception inner) : base(message, inner)
    {
    }
}
