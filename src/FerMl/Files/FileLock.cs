namespace FerMl;

/// <summary>
/// Locks a folder against other writers, in this process and others. The lock ends with the process, even if that crashes.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock of a folder, which is created if it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The lock file, which exists while the lock is held.</param>
    /// <param name="opened">Called after the file was opened and before it is checked: the moment in which another may delete it.</param>
    /// <exception cref="InUseException">Another process or thread holds the lock.</exception>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public static FileLock Take(string folder, string name = ".lock", Action? opened = null)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        try
        {
            while (true)
            {
                var file = new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                opened?.Invoke();
                // A file that the previous holder is about to delete would lock out no one.
                if (File.Exists(path) && !IsDeleted(file))
                    return new FileLock(file);
                file.Dispose();
            }
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new InUseException(
                $"{folder}: another run is writing there ({name} is locked); wait until it ends, or give another folder.", e);
        }
    }

    /// <summary>
    /// Whether the open file has been deleted, even if a new file has the same name by now. Linux reports this for open files; on other
    /// systems callers only check the name.
    /// </summary>
    internal static bool IsDeleted(FileStream file) => OperatingSystem.IsLinux()
        && File.ResolveLinkTarget($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", returnFinalTarget: false)
            is { } target && target.FullName.EndsWith(" (deleted)", StringComparison.Ordinal);

    /// <summary>Whether an error means that another holder has the file open: 32 and 33 on Windows, 11 on Linux, 35 on macOS.</summary>
    public static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 32 or 33 or 11 or 35;

    public void Dispose() => _file.Dispose();
}
