using FerMl.Tests;

namespace FerMl.Training.Tests;

public class LibTorchPackagesTests : FolderTests
{
    [Test, Platform("Linux")]
    public void OfPackages_IsTheNewestThatIsWhole()
    {
        var torchSharp = Folder.Write("packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll", "");
        Assert.That(LibTorch.OfPackages(torchSharp), Is.Null);
        foreach (var version in (string[])["2.9.0", "2.10.0"])
            Folder.Write($"packages/libtorch-cpu-linux-x64/{version}/runtimes/linux-x64/native/libtorch_cpu.so", "");
        Folder.Write("packages/libtorch-cpu-linux-x64/2.11.0/readme.txt", "cut short");
        Assert.That(LibTorch.OfPackages(torchSharp),
            Is.EqualTo(Folder.Path("packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native")));
    }

    [Test, Platform("Linux")]
    public void IsInstalledElsewhere_LooksWhereTheSystemLooks()
    {
        Folder.Write("lib/libtorch_cpu.so.2.5", "");
        Assert.That(LibTorch.IsInstalledElsewhere(["/no/such/folder", Folder.Path("lib")]), Is.True);
        Assert.That(LibTorch.IsInstalledElsewhere(["/no/such/folder"]), Is.False);
    }
}
