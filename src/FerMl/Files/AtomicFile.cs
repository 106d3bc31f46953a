using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FerMl;

/// <summary>
/// Writes a file whole or not at all: into a temporary file next to it first, which then takes the name. Safe for several writers and
/// readers, also in several processes: a reader finds one of the whole files, never a part of one. On Windows, where no file is replaced
/// that is open, a writer waits for readers, three seconds at most.
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
        if (Swept.TryAdd(folder, true))
            Sweep(folder);
        // A name of its own: of two that write at once each writes a whole file, and the last one stays.
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

    /// <summary>Gives a file another name, in place of the file that has it.</summary>
    /// <remarks>Windows refuses while somebody has one of them open, such as a reader, a scanner for viruses or a search index.</remarks>
    internal static void Move(string from, string to, bool overwrite) =>
        Patiently(() => File.Move(from, to, overwrite), OperatingSystem.IsWindows() ? Patience : TimeSpan.Zero);

    /// <summary>Tries for a time what others may keep from being done for a moment.</summary>
    internal static void Patiently(Action act, TimeSpan patience)
    {
        for (var watch = Stopwatch.StartNew(); ;)
            try
            {
                act();
                return;
            }
            // Windows' 5, access denied, is what is said of a file that is open and was to be replaced.
            catch (Exception e) when (watch.Elapsed < patience
                && (e is UnauthorizedAccessException || e is IOException held && FileLock.IsHeld(held)))
            {
                Thread.Sleep(Pause);
            }
    }

    /// <summary>Lets the next write look at a folder as if it were this process' first; for tests.</summary>
    internal static void Forget(string folder) => Swept.TryRemove(Path.GetFullPath(folder), out _);

    /// <summary>Deletes what killed processes left in a folder.</summary>
    private static void Sweep(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Ending}").Where(file => Temporary().IsMatch(Path.GetFileName(file))))
            try
            {
                // Whoever writes it has it open for himself, but for the moment before it gets its name.
                if (IsRunning(int.Parse(Temporary().Match(Path.GetFileName(file)).Groups["process"].Value, CultureInfo.InvariantCulture)))
                    continue;
                // Windows deletes no file that is open, unless whoever opened it asked for that.
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is being written, or it isn't ours to delete.
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
