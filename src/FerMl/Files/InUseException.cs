namespace FerMl;

/// <summary>Another process or thread is writing to the requested folder.</summary>
internal sealed class InUseException(string message, Exception inner) : IOException(message, inner);
