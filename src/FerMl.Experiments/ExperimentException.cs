namespace FerMl.Experiments;

/// <summary>A study can't be run, found or stored. The message names the study and the remedy.</summary>
public sealed class ExperimentException : FerMlException
{
    /// <summary>Creates the exception with a message that states the problem.</summary>
    public ExperimentException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and its cause.</summary>
    public ExperimentException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
