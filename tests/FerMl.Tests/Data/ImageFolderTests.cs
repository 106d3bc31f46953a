using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace FerMl.Tests;

public class ImageFolderTests : FolderTests
{
    [Test]
    public void Images_LinksToParentsAndElsewhere_EachFolderOnce()
    {
        Face("a/1.png");
        Face("b/c/2.png");
        Folder.Write("elsewhere.txt", "");
        using var other = new TestFolder();
        other.Write("3.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        Directory.CreateSymbolicLink(Folder.Path("a/up"), Folder.Root);
        Directory.CreateSymbolicLink(Folder.Path("b/c/self"), ".");
        Directory.CreateSymbolicLink(Folder.Path("again"), Folder.Path("b"));
        Directory.CreateSymbolicLink(Folder.Path("z"), other.Root);
        Directory.CreateSymbolicLink(Folder.Path("zz"), Folder.Path("z"));
        File.CreateSymbolicLink(Folder.Path("nowhere"), Folder.Path("not there"));
        var found = new ImageFolder(Folder.Root);
        Assert.That(found.Images.Select(image => Path.GetRelativePath(Folder.Root, image)),
            Is.EqualTo((string[])["a/1.png", "b/c/2.png", "z/3.png"]));
        Assert.That(found.Problems, Is.Empty);
    }

    [Test]
    public void LeftOut_FilesOfOtherKinds_AreCounted()
    {
        Face("1.png");
        foreach (var name in (string[])["a.heic", "b.HEIC", "c.txt", "README", ".hidden"])
            Folder.Write(name, "x");
        Assert.That(new ImageFolder(Folder.Root).LeftOut, Is.EqualTo(
            "4 files of unsupported formats left out: 2 .heic, 1 .txt, 1 without extension."));
    }

    [TestCase("gif")]
    [TestCase("tif")]
    [TestCase("TIFF")]
    [TestCase("jfif")]
    [TestCase("jpe")]
    public void Images_OfRarerEndings_AreFound(string ending)
    {
        Face($"1.{ending}");
        Assert.That(new ImageFolder(Folder.Root).Images, Has.Count.EqualTo(1));
    }

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public void Problems_FolderThatMayNotBeRead_IsNamed()
    {
        Face("open/1.png");
        Face("closed/2.png");
        File.SetUnixFileMode(Folder.Path("closed"), UnixFileMode.None);
        // Root can read everything, so this thread accesses files as another user.
        _ = SetFileUser(65534);
        try
        {
            var found = new ImageFolder(Folder.Root);
            Assert.That(found.Images, Has.Count.EqualTo(1));
            Assert.That(found.Problems.Single().ToString(), Does.StartWith($"{Folder.Path("closed")}: the folder can't be read: "));
            Assert.That(() => FerDataset.Load(Folder.Root), Throws.TypeOf<FerDataException>().With.Message.Contains("closed: the folder"));
        }
        finally
        {
            _ = SetFileUser(0);
            File.SetUnixFileMode(Folder.Path("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private void Face(string name) => Folder.Write(name, FaceFiles.Png(new byte[FaceResampler.PixelCount]));

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(uint user);
}
