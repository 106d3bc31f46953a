using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FerMl;

/// <summary>
/// Writes files atomically: to a temporary file in the same folder, which is then renamed. It is safe for concurrent writers and readers,
/// also across processes: a reader always finds a complete file. On Windows, which can't replace an open file, a writer waits up to three
/// seconds for readers.
/// </summary>
public static partial class AtomicFile
{
    private const string Ending = ".tmp";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly ConcurrentDictionary<string, bool> Swept = [];

    /// <summary>Writes a text in UTF-8, without a byte order mark.</summary>
    internal static void WriteText(string path, string text, bool overwrite = false) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)), overwrite);

    /// <summary>Checks that no existing file would be lost.</summary>
    /// <exception cref="IOException">The file exists and may not be replaced.</exception>
    internal static void CheckFree(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
            throw new IOException($"{path} already exists; give another name, or allow it to be overwritten.");
    }

    /// <summary>Writes a file through a temporary one in the same folder, which is created if it is missing.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="IOException">The file exists and may not be replaced, or it can't be written. An existing file is then
    /// untouched.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        CheckFree(path, overwrite);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        if (Swept.TryAdd(folder, true))
            Sweep(folder);
        // The name is unique: each of two concurrent writers writes a complete file, and the last one wins.
        var temporary = Path.Combine(
            folder, $".{Path.GetFileName(path)}.{Environment.ProcessId.Invariant()}-{Guid.NewGuid():N}{Ending}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Renames a file, replacing an existing one if allowed.</summary>
    /// <remarks>Windows refuses while a process has one of the files open, such as a reader, a virus scanner or a search indexer.</remarks>
    internal static void Move(string from, string to, bool overwrite) =>
        WithRetries(() => File.Move(from, to, overwrite), OperatingSystem.IsWindows() ? Patience : TimeSpan.Zero);

    /// <summary>Retries an action for a time while other processes temporarily block it.</summary>
    internal static void WithRetries(Action act, TimeSpan patience)
    {
        for (var watch = Stopwatch.StartNew(); ;)
            try
            {
                act();
                return;
            }
            // Windows reports error 5, access denied, when the file to replace is open.
            catch (Exception e) when (watch.Elapsed < patience
                && (e is UnauthorizedAccessException || e is IOException held && FileLock.IsHeld(held)))
            {
                Thread.Sleep(Pause);
            }
    }

    /// <summary>Makes the next write clean the folder again, as the first write of a process does; for tests.</summary>
    internal static void Forget(string folder) => Swept.TryRemove(Path.GetFullPath(folder), out _);

    /// <summary>Deletes temporary files that killed processes left in a folder.</summary>
    private static void Sweep(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Ending}").Where(file => Temporary().IsMatch(Path.GetFileName(file))))
            try
            {
                // The writer has the file open exclusively, except for the moment before the rename.
                if (IsRunning(int.Parse(Temporary().Match(Path.GetFileName(file)).Groups["process"].Value, CultureInfo.InvariantCulture)))
                    continue;
                // Windows only deletes an open file if it was opened with that option.
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The file is being written, or belongs to another user.
            }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\..+\.(?<process>[0-9]{1,9})-[0-9a-f]{32}\.tmp$")]
    private static partial Regex Temporary();
}
