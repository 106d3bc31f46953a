namespace FerMl;

/// <summary>Opens files to read: regular files only, since a pipe or a device may keep its reader waiting for ever.</summary>
internal static class RegularFile
{
    private const int UsualBuffer = 4_096;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">Bytes of its buffer.</param>
    /// <param name="isAsync">Whether it is read without a thread waiting.</param>
    /// <exception cref="IOException">It is missing, empty, no regular file, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path, int bufferSize = UsualBuffer, bool isAsync = false)
    {
        Check(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, isAsync);
    }

    /// <summary>Refuses what isn't a regular file, before it is opened: opening a pipe waits already.</summary>
    /// <exception cref="IOException">It is empty or no regular file.</exception>
    public static void Check(string path)
    {
        // Pipes, devices and sockets have no length.
        var file = new FileInfo(path);
        if (file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length) == 0)
            throw new IOException("the file is empty, or no regular file but a pipe or a device; write what it gives into a file first");
    }
}
