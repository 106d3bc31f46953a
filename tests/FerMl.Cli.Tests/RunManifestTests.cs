using FerMl.Cli.Commands;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

public sealed class RunManifestTests : FolderTests
{
    [Test]
    public void Write_OfPaths_KeepsThemInFull_AndNamesAsTheyAre()
    {
        RunManifest.Write(
            Folder.Root, ["--data", "faces.csv", "--teacher", "fer7-fast", "--seed", "4"], "--data", "--teacher");
        Assert.That(RunManifest.Read(Folder.Root),
            Is.EqualTo(new[] { "--data", Path.GetFullPath("faces.csv"), "--teacher", "fer7-fast", "--seed", "4" }));
        RunManifest.Write(Folder.Root, ["--data", "synthetic"], "--data");
        Assert.That(RunManifest.Read(Folder.Root), Is.EqualTo(new[] { "--data", "synthetic" }));
    }
}
