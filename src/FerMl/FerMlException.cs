namespace FerMl;

/// <summary>
/// Base class of FerMl's exceptions: something outside the program (a file, data, a device, a database) is missing or invalid. The message
/// names it, says where the problem is and how to fix it. Invalid arguments and options throw <see cref="ArgumentException"/> and
/// <see cref="System.ComponentModel.DataAnnotations.ValidationException"/> instead.
/// </summary>
public abstract class FerMlException : Exception
{
    private protected FerMlException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
