using System.Text;

namespace FerMl;

/// <summary>Writes a file whole or not at all: into a neighbor first, which then takes the name.</summary>
public static class AtomicFile
{
    /// <summary>Writes a text in UTF-8, without a byte order mark.</summary>
    internal static void WriteText(string path, string text, bool overwrite = false) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>Sees to it that a file that is there isn't lost.</summary>
    /// <exception cref="IOException">The file is there and may not be replaced.</exception>
    internal static void CheckFree(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
            throw new IOException($"{path} is there already; give another name, or allow it to be overwritten.");
    }

    /// <summary>Writes a file by way of a temporary one in the same folder, which is made where it is missing.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written; what was there is
    /// untouched.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        CheckFree(path, overwrite);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        // Always the same name: what a killed process left of it is written over, and two that write at once don't go unnoticed.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.tmp");
        var stream = Create(temporary, path);
        try
        {
            using (stream)
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

    private static FileStream Create(string temporary, string path)
    {
        try
        {
            return new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (FileLock.IsHeld(e))
        {
            throw new InUseException($"{path} is being written by another run; wait for its end, or give another name.", e);
        }
    }
}
