using FerMl.Tests;

namespace FerMl.Training.Tests;

public class LibTorchTests : FolderTests
{
    [Test]
    public void Load_NothingNamed_LeavesItToThePackage() =>
        Assert.That(() => { LibTorch.Load(null, Folder.Root); LibTorch.Load("", Folder.Root); LibTorch.Require(); }, Throws.Nothing);

    [Test]
    public void Load_FolderWithoutIt_SaysWhatItMustHold() =>
        Assert.That(() => LibTorch.Load(Folder.Root, Folder.Path("program")),
            Throws.TypeOf<TrainingException>().With.Message.Contains(Folder.Root).And.Message.Contains("torch/lib"));

    [Test]
    public void Load_BesideOnesOwn_IsRefused() =>
        Assert.That(() =>
            {
                var named = Directory.CreateDirectory(Folder.Path("named")).FullName;
                foreach (var name in (string[])["libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll"])
                {
                    Folder.Write(name, "");
                    File.WriteAllText(Path.Combine(named, name), "");
                }
                LibTorch.Load(named, Folder.Root);
            },
            Throws.TypeOf<TrainingException>().With.Message.Contains("FERML_LIBTORCH").And.Message.Contains("-p:LibTorch=external"));

    [Test]
    public void Load_WhatIsNoLibrary_SaysWhichFile() =>
        Assert.That(() =>
            {
                foreach (var name in (string[])["libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll"])
                    Folder.Write(name, "no library");
                LibTorch.Load(Folder.Root, Folder.Path("program"));
            },
            Throws.TypeOf<TrainingException>().With.Message.Contains("torch_cpu").And.Message.Contains("can't be loaded"));
}
