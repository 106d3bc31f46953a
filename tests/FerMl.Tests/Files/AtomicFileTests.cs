namespace FerMl.Tests;

public class AtomicFileTests
{
    [Test]
    public void Write_AfterAProcessWasKilledInIt_LeavesNothingOfThat()
    {
        using var folder = new TestFolder();
        folder.Write(".a.bin.999999999-0123456789abcdef0123456789abcdef.tmp", "half of something longer");
        folder.Write(".notes.tmp", "my own");
        AtomicFile.Write(folder.Path("a.bin"), stream => stream.Write("whole"u8));
        Assert.That(Directory.GetFiles(folder.Root).Select(Path.GetFileName), Is.EquivalentTo(new[] { "a.bin", ".notes.tmp" }));
        Assert.That(File.ReadAllText(folder.Path("a.bin")), Is.EqualTo("whole"));
    }

    [Test]
    public void Write_BesideAFileThatARunningProcessIsAboutToName_LeavesThat()
    {
        using var folder = new TestFolder();
        var others = $".b.bin.{Environment.ProcessId}-0123456789abcdef0123456789abcdef.tmp";
        folder.Write(others, "whole, and closed");
        AtomicFile.Write(folder.Path("a.bin"), stream => stream.Write("whole"u8));
        Assert.That(Directory.GetFiles(folder.Root).Select(Path.GetFileName), Is.EquivalentTo(new[] { "a.bin", others }));
    }

    [Test]
    public void Write_OfAFileThatAnotherMakesMeanwhile_LeavesTheOthers()
    {
        using var folder = new TestFolder();
        var path = folder.Path("a.bin");
        Assert.That(() => AtomicFile.Write(path, stream => File.WriteAllText(path, "another's")), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo("another's"));
        Assert.That(Directory.GetFiles(folder.Root), Has.Length.EqualTo(1), "no temporary file remains");
    }

    /// <remarks>Windows can't replace an open file, and these readers always have it open.</remarks>
    [Test, Platform(Exclude = "Win")]
    public void Write_OfManyAtOnce_LetsReadersSeeWholeFilesOnly()
    {
        using var folder = new TestFolder();
        var path = folder.Write("shared.txt", new string('0', 100_000));
        var (reads, broken, missing) = (0, 0, 0);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                try
                {
                    // Reads as other programs do, while others may write or delete the file.
                    using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    var text = new StreamReader(file).ReadToEnd();
                    Interlocked.Increment(ref reads);
                    if (text.Length != 100_000 || text.Any(character => character != text[0]))
                        Interlocked.Increment(ref broken);
                }
                catch (FileNotFoundException)
                {
                    Interlocked.Increment(ref missing);
                }
        })).ToArray();
        Parallel.For(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 6 },
            i => AtomicFile.WriteText(path, new string((char)('a' + i % 26), 100_000), overwrite: true));
        stop.Cancel();
        Task.WaitAll(readers);
        Assert.That((broken, missing), Is.EqualTo((0, 0)), $"of {reads} reads");
        Assert.That(reads, Is.GreaterThan(10));
        Assert.That(Directory.GetFiles(folder.Root), Has.Length.EqualTo(1), "no temporary file remains");
    }

    [Test]
    public void Write_FailsInTheMiddle_LeavesWhatWasThere()
    {
        using var folder = new TestFolder();
        var path = folder.Write("card.json", "old");
        Assert.That(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("disk full");
        }, overwrite: true), Throws.TypeOf<IOException>().With.Message.EqualTo("disk full"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(folder.Root), Has.Length.EqualTo(1), "the temporary file is gone");
    }

    [Test]
    public void Write_MakesTheFolder_AndRefusesToOverwrite()
    {
        using var folder = new TestFolder();
        var path = folder.Path("new/deep/file");
        AtomicFile.Write(path, stream => stream.Write("one"u8));
        Assert.That(() => AtomicFile.Write(path, stream => stream.Write("two"u8)),
            Throws.TypeOf<IOException>().With.Message.Contains("already exists"));
        AtomicFile.Write(path, stream => stream.Write("three"u8), overwrite: true);
        Assert.That(File.ReadAllText(path), Is.EqualTo("three"));
    }

    /// <summary>Simulates Windows, where a file that another program has open can't be replaced.</summary>
    [Test]
    public void Patiently_WaitsForWhoeverHasTheFileOpen_ButNotForEver()
    {
        var tries = 0;
        AtomicFile.WithRetries(() =>
        {
            if (++tries < 3)
                throw tries == 1 ? new UnauthorizedAccessException() : new IOException("in use", unchecked((int)0x80070020));
        }, TimeSpan.FromMinutes(1));
        Assert.That(tries, Is.EqualTo(3));
        Assert.That(() => AtomicFile.WithRetries(() => throw new UnauthorizedAccessException(), TimeSpan.FromMilliseconds(20)),
            Throws.TypeOf<UnauthorizedAccessException>());
        // Other errors, such as an existing file, aren't retried.
        tries = 0;
        Assert.That(() => AtomicFile.WithRetries(() => throw new IOException($"there are {++tries}"), TimeSpan.FromMinutes(1)),
            Throws.TypeOf<IOException>().With.Message.EqualTo("there are 1"));
    }

    [Test, Platform("Win")]
    public void Write_OverAFileThatIsRead_WaitsForTheReader()
    {
        using var folder = new TestFolder();
        var path = folder.Write("card.json", "old");
        var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var closing = new Timer(_ => reader.Dispose(), null, 200, Timeout.Infinite);
        AtomicFile.WriteText(path, "new", overwrite: true);
        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
    }
}
