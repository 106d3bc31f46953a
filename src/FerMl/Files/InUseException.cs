namespace FerMl;

/// <summary>Another process, or another thread, is writing to a folder that is asked for.</summary>
internal sealed class InUseException(string message, Exception inner) : IOException(message, inner);
