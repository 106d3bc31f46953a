using System.Text;
using FerMl.Cli.Commands;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>How commands find their input: patterns, labels, usages, and hints for likely mistakes.</summary>
public class DataOptionTests : FolderTests
{
    [TestCase("*.png", "a1.png a2.png b1.png")]
    [TestCase("a?.png", "a1.png a2.png")]
    [TestCase("[bc]1.png", "b1.png")]
    [TestCase("a[!1].png", "a2.png")]
    [TestCase("*/c?.png", "deep/c1.png")]
    [TestCase("**/*1.png", "a1.png b1.png deep/c1.png deep/er/d1.png")]
    [TestCase("deep/**", "deep/c1.png deep/er/d1.png")]
    [TestCase("x*.png", "")]
    public void Find_Patterns_AsShellsHaveThem(string pattern, string expected)
    {
        foreach (var name in (string[])["a1.png", "a2.png", "b1.png", "deep/c1.png", "deep/er/d1.png", "a3.txt"])
            Folder.Write(name, "x");
        var complaints = new List<string>();
        var found = ImageFiles.Find([Folder.Path(pattern)], complaints.Add, complaints.Add);
        Assert.That(string.Join(' ', found.Select(file => Path.GetRelativePath(Folder.Root, file))), Is.EqualTo(expected));
        Assert.That(complaints, Has.Count.EqualTo(expected.Length == 0 ? 1 : 0));
    }

    [Test]
    public void Find_FileWithBracketsInItsName_IsThatFile()
    {
        var file = Folder.Write("a[1].png", "x");
        Assert.That(ImageFiles.Find([file], Assert.Fail, Assert.Fail), Is.EqualTo((string[])[file]));
    }

    [Test]
    public void Find_Folder_TellsWhatItLeavesOut()
    {
        Folder.Write("a.png", "x");
        Folder.Write("b.heic", "x");
        var remarks = new List<string>();
        ImageFiles.Find([Folder.Root], Assert.Fail, remarks.Add);
        Assert.That(remarks.Single(), Does.EndWith("1 file of unsupported formats left out: 1 .heic."));
    }

    /// <summary>Programs write lists in UTF-8, with or without a byte order mark; Windows' "dir" writes the console's code page.</summary>
    [TestCase("größe.png\r\nb.png\n", "utf-8", "größe.png b.png")]
    [TestCase("\ufeffgröße.png\n\n日本.png", "utf-8", "größe.png 日本.png")]
    [TestCase("größe.png\r\nb.png", "latin1", "größe.png b.png")]
    public void Names_OnInput_AreUtf8_OrInTheConsolesEncoding(string text, string encoding, string expected)
    {
        using var input = new MemoryStream(Encoding.GetEncoding(encoding).GetBytes(text));
        Assert.That(string.Join(' ', ImageFiles.Names(input, Encoding.Latin1)), Is.EqualTo(expected));
    }

    [Test]
    public async Task DataInfo_LabelsAndIgnore_AreTaken()
    {
        Faces("train/1", "train/2", "train/contempt");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "data", "info", Folder.Root, "--labels", "1 = surprise, 2=Angry", "--ignore", "contempt", "--json");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("\"surprise\":1").Or.Contain("\"surprise\": 1"));
        Assert.That(error, Does.Contain("Faces left out for an ignored label (contempt): 1."));
    }

    [Test]
    public async Task DataInfo_LabelsThatAreNone_AreWrongUsage()
    {
        var (exitCode, _, error) = await Ferml.RunAsync("data", "info", "synthetic", "--labels", "1=grumpy");
        Assert.That(exitCode, Is.EqualTo(ExitCode.WrongUsage));
        Assert.That(error, Does.Contain("--labels: '1=grumpy' isn't a label and an emotion, such as 1=surprise; the emotions are anger,"));
    }

    [Test]
    public async Task DataInfo_ALabelNamedTwice_IsWrongUsage()
    {
        var (exitCode, _, error) = await Ferml.RunAsync("data", "info", "synthetic", "--labels", "a=happy,A=sad");
        Assert.That((exitCode, error), Is.EqualTo((ExitCode.WrongUsage, error)));
        Assert.That(error, Does.Contain("--labels names 'A' twice."));
    }

    [Test]
    public async Task Evaluate_FoldersTrainAndTest_TakesTheTestFacesAndSaysSo()
    {
        Faces("train/happy", "test/sad", "test/happy");
        var (exitCode, output, error) = await Ferml.RunAsync("evaluate", "--model", "fer7-fast", "--data", Folder.Root, "--json");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("has no PublicTest faces; these are its PrivateTest faces"));
        Assert.That(output, Does.Contain("\"count\":2").Or.Contain("\"count\": 2"));
    }

    [TestCase("--usage", "PublicTest")]
    [TestCase("--usage", "Test")]
    public async Task Evaluate_UsageThatTheDataLack_NamesThoseThatThereAre(params string[] usage)
    {
        Faces("train/happy");
        var (exitCode, _, error) = await Ferml.RunAsync(["evaluate", "--model", "fer7-fast", "--data", Folder.Root, .. usage]);
        Assert.That(exitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(error, Does.Contain($"has no {usage[1]} faces, only Training; choose with --usage Training."));
    }

    [TestCase(300, 300, true)]
    [TestCase(400, 100, true)]
    [TestCase(224, 224, false)]
    [TestCase(48, 64, false)]
    public async Task Predict_WholePhotograph_HintsAtFaces(int width, int height, bool hints)
    {
        var image = Folder.Write("image.png", TestImages.Encode(width, height));
        var (exitCode, _, error) = await Ferml.RunAsync("predict", "--model", "fer7-fast", image);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, hints ? Does.Contain("--faces finds the faces in it") : Does.Not.Contain("--faces"));
    }

    private void Faces(params string[] folders)
    {
        foreach (var folder in folders)
            Folder.Write($"{folder}/1.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
    }
}
