namespace FerMl.Training;

/// <summary>Training can't continue: the data isn't suitable, or the loss isn't finite. The message says where, and what to do.</summary>
public sealed class TrainingException : FerMlException
{
    /// <summary>Creates the exception.</summary>
    public TrainingException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public TrainingException(string message, Exception inner) : base(message, inner)
    {
    }
}
