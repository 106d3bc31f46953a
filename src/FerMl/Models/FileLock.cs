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
            return new FileLock(new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new InUseException(
                $"{folder}: another run is writing there ({name} is locked); wait for its end, or give another folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
