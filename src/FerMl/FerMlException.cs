namespace FerMl;

/// <summary>
/// What all errors of FerMl's own are: something outside the program (a file, data, a device, a database) isn't as it must be. The message
/// names the thing and the place, and says what to do. Wrong arguments and options are <see cref="ArgumentException"/> and
/// <see cref="System.ComponentModel.DataAnnotations.ValidationException"/> instead.
/// </summary>
public abstract class FerMlException : Exception
{
    private protected FerMlException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
