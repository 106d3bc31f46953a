namespace FerMl;

/// <summary>
/// Keeps others, in this process or another, from writing where this one writes. It goes with the process, however that ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The lock's file, which is there while it is held.</param>
    /// <exception cref="InUseException">Another holds it.</exception>
    /// <exception cref="IOException">The folder can't be written to.</exception>
    public static FileLock Take(string folder, string name = ".lock")
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        try
        {
            while (true)
            {
                var file = new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                // Opened while the one before was about to delete it, it would keep nobody out.
                if (File.Exists(path) && !IsDeleted(file))
                    return new FileLock(file);
                file.Dispose();
            }
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new InUseException(
                $"{folder}: another run is writing there ({name} is locked); wait for its end, or give another folder.", e);
        }
    }

    /// <summary>
    /// Whether the file has no name any more, though another of that name may be there by now: the one before deleted it, and a third made
    /// a new one. Linux says so of open files; elsewhere the name alone is looked at.
    /// </summary>
    internal static bool IsDeleted(FileStream file) => OperatingSystem.IsLinux()
        && File.ResolveLinkTarget($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}", returnFinalTarget: false)
            is { } target && target.FullName.EndsWith(" (deleted)", StringComparison.Ordinal);

    /// <summary>Whether a file can't be opened because another has it open for itself: Windows' 32 and 33, Linux's 11, macOS' 35.</summary>
    public static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 32 or 33 or 11 or 35;

    public void Dispose() => _file.Dispose();
}
