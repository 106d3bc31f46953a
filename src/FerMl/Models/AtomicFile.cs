namespace FerMl;

/// <summary>Writes a file whole or not at all: into a neighbour first, which then takes the name.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file by way of a temporary one in the same folder, which is made where it is missing.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written; what was there is untouched.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        if (!overwrite && File.Exists(path))
            throw new IOException($"{path} is there already; give another name, or allow it to be overwritten.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Deletes what processes that were killed left of writing a file; no other process may be writing it.</summary>
    public static void DeleteRemnants(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
            return;
        foreach (var remnant in Directory.EnumerateFiles(folder, $".{Path.GetFileName(path)}.*.tmp"))
            File.Delete(remnant);
    }
}
