using System.Text.Json.Nodes;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// The notebooks in Jupyter's own kernel for .NET, with the packages of this checkout, as eng/notebooks.sh starts it; skipped where Jupyter
/// or the kernel isn't there. <see cref="NotebookTests"/> runs the same cells everywhere.
/// </summary>
[NonParallelizable, Category("Slow"), Category("Kernel")]
public sealed class KernelTests
{
    private TestFolder _packed = null!;

    private static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Repository.File("notebooks"), "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    [OneTimeSetUp]
    public void Pack()
    {
        var (exitCode, kernels, _) = Command.Shell(Repository.Root,
            "command -v jupyter-nbconvert && PATH=$PATH:$HOME/.dotnet/tools command -v dotnet-interactive && jupyter-kernelspec list");
        if (exitCode != 0 || !kernels.Contains(".net-csharp", StringComparison.Ordinal))
            Assert.Ignore("needs Jupyter and the .NET kernel: eng/notebooks.sh --check brings both.");
        _packed = new TestFolder();
        var packed = Command.Shell(Repository.Root, $"FERML_NO_BUILD=1 eng/pack.sh '{_packed.Root}'");
        Assert.That(packed.ExitCode, Is.Zero, packed.Output + packed.Error);
    }

    [OneTimeTearDown]
    public void Forget() => _packed?.Dispose();

    [TestCaseSource(nameof(Names))]
    public void EveryCell_RunsInTheRealKernel(string name)
    {
        using var folder = new TestFolder();
        File.Copy(Repository.File($"notebooks/{name}.ipynb"), folder.Path("in.ipynb"));
        var run = Command.Shell(folder.Root,
            $"export RestoreAdditionalProjectSources='{_packed.Root}' PATH=$PATH:$HOME/.dotnet/tools; "
                + "jupyter-nbconvert --to notebook --execute --ExecutePreprocessor.timeout=200 in.ipynb --output out.ipynb");
        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        var (written, expected) = (CodeOf(folder.Path("out.ipynb")), CodeOf(Repository.File($"notebooks/{name}.ipynb")));
        for (var i = 1; i < written.Length; i++)
        {
            var outputs = written[i]["outputs"]!.AsArray();
            Assert.That(outputs.ToJsonString(), Does.Not.Contain("CS1701"), "no warnings beside what is shown");
            Assert.That(Notebook.KindsOf(outputs), Is.EqualTo(Notebook.KindsOf(expected[i]["outputs"]!.AsArray())),
                Notebook.SourceOf(written[i]));
        }
    }

    private static JsonObject[] CodeOf(string path) => [.. new Notebook(path).Cells.Where(Notebook.IsCode)];
}
