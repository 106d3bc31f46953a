namespace FerMl.Experiments;

/// <summary>A study can't be run, found or stored. The message names it and says what to do.</summary>
public sealed class ExperimentException : FerMlException
{
    /// <summary>Makes the error with a message that names the thing and what is wrong with it.</summary>
    public ExperimentException(string message) : base(message)
    {
    }

    /// <summary>Makes the error with a message and its cause.</summary>
    public ExperimentException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
