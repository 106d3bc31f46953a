namespace FerMl.Tests;

public class AtomicFileTests
{
    [Test]
    public void Write_AfterAProcessWasKilledInIt_LeavesNothingOfThat()
    {
        using var folder = new TestFolder();
        folder.Write(".a.bin.tmp", "half of something longer");
        AtomicFile.Write(folder.Path("a.bin"), stream => stream.Write("whole"u8));
        Assert.That(Directory.GetFiles(folder.Root).Select(Path.GetFileName), Is.EqualTo(new[] { "a.bin" }));
        Assert.That(File.ReadAllText(folder.Path("a.bin")), Is.EqualTo("whole"));
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
            Throws.TypeOf<IOException>().With.Message.Contains("is there already"));
        AtomicFile.Write(path, stream => stream.Write("three"u8), overwrite: true);
        Assert.That(File.ReadAllText(path), Is.EqualTo("three"));
    }
}
