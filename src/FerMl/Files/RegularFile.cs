namespace FerMl;

/// <summary>Opens regular files for reading. Pipes and devices are rejected, since a read from them may block forever.</summary>
internal static class RegularFile
{
    private const int UsualBuffer = 4_096;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bufferSize">Size of the buffer in bytes.</param>
    /// <param name="isAsync">Whether the file is read asynchronously.</param>
    /// <exception cref="IOException">The file is missing, empty, not a regular file, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static FileStream OpenRead(string path, int bufferSize = UsualBuffer, bool isAsync = false)
    {
        Check(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, isAsync);
    }

    /// <summary>Rejects anything but regular files, before they are opened, since opening a pipe already blocks.</summary>
    /// <exception cref="IOException">The file is empty or not a regular file.</exception>
    public static void Check(string path)
    {
        // Pipes, devices and sockets have no length.
        var file = new FileInfo(path);
        if (file.Exists && (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length) == 0)
            throw new IOException("the file is empty, or a pipe or a device; write its content to a regular file first");
    }
}
