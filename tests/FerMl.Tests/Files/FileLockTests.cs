namespace FerMl.Tests;

public class FileLockTests
{
    /// <summary>The file was deleted and created again after it was opened: its name exists, but refers to another file.</summary>
    [Test, Platform("Linux")]
    public void IsDeleted_OfAFileWhoseNameIsAnothersByNow_IsTrue()
    {
        using var folder = new TestFolder();
        var path = folder.Write(".lock", "");
        using var first = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Assert.That(FileLock.IsDeleted(first), Is.False);
        File.Delete(path);
        folder.Write(".lock", "");
        Assert.That((File.Exists(path), FileLock.IsDeleted(first)), Is.EqualTo((true, true)));
    }

    /// <summary>The holder deletes the file on release, and another process creates it again, while a third has the old one open.</summary>
    [Test, Platform("Linux")]
    public void Take_OfAFileThatIsDeletedAndMadeAgain_OpensThatOfTheName()
    {
        using var folder = new TestFolder();
        var (path, opened) = (folder.Path(".lock"), 0);
        using var held = FileLock.Take(folder.Root, opened: () =>
        {
            if (++opened > 1)
                return;
            File.Delete(path);
            File.WriteAllText(path, "");
        });
        Assert.That(opened, Is.EqualTo(2));
        Assert.That(() => FileLock.Take(folder.Root), Throws.TypeOf<InUseException>());
    }

    /// <summary>Many threads acquire, hold and release the lock, so that the file is constantly deleted and created again.</summary>
    [Test]
    public void Take_ByManyAtOnce_IsHeldByOneAtATime()
    {
        using var folder = new TestFolder();
        var (inside, most, taken) = (0, 0, 0);
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            for (var i = 0; i < 400; i++)
                try
                {
                    using var held = FileLock.Take(folder.Root);
                    var now = Interlocked.Increment(ref inside);
                    InterlockedMax(ref most, now);
                    Interlocked.Increment(ref taken);
                    Thread.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (InUseException)
                {
                    Thread.Yield();
                }
        });
        Assert.That(taken, Is.GreaterThan(100));
        Assert.That(most, Is.EqualTo(1));

        static void InterlockedMax(ref int place, int value)
        {
            int seen;
            while ((seen = Volatile.Read(ref place)) < value && Interlocked.CompareExchange(ref place, value, seen) != seen)
            {
            }
        }
    }
}
