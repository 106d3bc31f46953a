using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>Runs the command without OpenCV's native library, which photographs don't need.</summary>
public class WithoutOpenCvTests : FolderTests
{
    /// <summary>Links to the program's files, except OpenCV's.</summary>
    private string Program()
    {
        var program = Directory.CreateDirectory(Folder.Path("program")).FullName;
        foreach (var file in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory))
            if (!Path.GetFileName(file).Contains("OpenCvSharpExtern", StringComparison.Ordinal))
                File.CreateSymbolicLink(Path.Combine(program, Path.GetFileName(file)), file);
        // The .NET host resolves links and searches next to their targets, so these files are copied.
        foreach (var name in (string[])["FerMl.Cli.dll", "FerMl.Cli.deps.json", "FerMl.Cli.runtimeconfig.json", "OpenCvSharp.dll"])
        {
            File.Delete(Path.Combine(program, name));
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(program, name));
        }
        return Path.Combine(program, "FerMl.Cli.dll");
    }

    [Test, Category("Slow"), Platform(Exclude = "Win", Reason = "Links need rights there.")]
    public void Predict_OfFacesInAPhoto_Works_AndDrawingSaysWhatItNeeds()
    {
        var photo = Path.Combine(Folder.Root, "photo.jpg");
        File.Copy(Repository.File("src/FerMl.Service/Page/example.jpg"), photo);
        var program = Program();
        var (code, output, error) = Command.Run(Folder.Root, program, "predict", "--faces", photo, "--format", "jsonl");
        Assert.That(code, Is.Zero, error);
        Assert.That(output.Split("\"faceScore\"").Length - 1, Is.EqualTo(4), output);
        (code, _, error) = Command.Run(Folder.Root, program, "predict", "--faces", photo, "--draw", "drawn.png");
        Assert.That((code, error), Is.EqualTo((1, error)));
        Assert.That(error, Does.Contain("OpenCV can't be loaded").And.Contain("OpenCvSharp4.official.runtime"));
        Assert.That(File.Exists(Folder.Path("drawn.png")), Is.False);
    }
}
