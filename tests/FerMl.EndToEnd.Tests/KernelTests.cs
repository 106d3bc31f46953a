using System.Text.Json.Nodes;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// Runs the notebooks in Jupyter's .NET kernel with the packages of this checkout, as eng/notebooks.sh does; skipped if Jupyter or the
/// kernel is missing. <see cref="NotebookTests"/> runs the same cells everywhere.
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
            Assert.That(outputs.ToJsonString(), Does.Not.Contain("CS1701"), "no compiler warnings among the outputs");
            Assert.That(Notebook.KindsOf(outputs), Is.EqualTo(Notebook.KindsOf(expected[i]["outputs"]!.AsArray())),
                Notebook.SourceOf(written[i]));
        }
    }

    /// <summary>Interrupts a training cell as Jupyter's button does, then resumes the training.</summary>
    [Test]
    public void Interrupt_OfACell_StopsItsTraining_AndKeepsTheKernel()
    {
        Command.RequireInterrupts();
        using var folder = new TestFolder();
        folder.Write("interrupt.py", """
            import time
            from jupyter_client.manager import KernelManager

            manager = KernelManager(kernel_name=".net-csharp")
            manager.start_kernel()
            client = manager.client()
            client.start_channels()
            client.wait_for_ready(timeout=90)

            def run(code, interrupt=None):
                message, begun = client.execute(code), time.time()
                while time.time() - begun < 60:
                    if interrupt and time.time() - begun > interrupt:
                        manager.interrupt_kernel()
                        interrupt = None
                    try:
                        got = client.get_iopub_msg(timeout=0.5)
                    except Exception:
                        continue
                    if got["parent_header"].get("msg_id") != message:
                        continue
                    if got["msg_type"] == "error":
                        print("ERROR", got["content"]["evalue"].split("\n")[0])
                    if got["msg_type"] == "execute_result":
                        print("RESULT", got["content"]["data"])
                    if got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
                        return
                print("TIMEOUT")

            run('#r "nuget: TorchSharp-cpu, 0.107.0"\n#r "nuget: FerMl.Training, 0.1.0-*"\n#r "nuget: FerMl.Reporting, 0.1.0-*"')
            run('using FerMl;\nusing FerMl.Training;\nvar kept = 41;')
            train = ('TrainingRun.Execute(new TrainingRunOptions { Dataset = SyntheticFaces.Create(700), OutputFolder = "run", Preset = '
                'NetworkPreset.Tiny, Training = NetworkPreset.Tiny.Defaults with { Epochs = 9999, Execution = new() { Resume = %s } } });')
            run(train % "false", interrupt=5)
            run("kept + 1")
            run(train % "true", interrupt=3)
            manager.shutdown_kernel(now=True)
            """);
        var run = Command.Shell(folder.Root,
            $"export RestoreAdditionalProjectSources='{_packed.Root}' PATH=$PATH:$HOME/.dotnet/tools; "
                + "spec=$(jupyter-kernelspec list | awk '$1 == \".net-csharp\" { print $2 }'); "
                + "grep -q kernel.sh $spec/kernel.json || { echo OLD; exit 0; }; "
                + "$(head -1 $(command -v jupyter-kernelspec) | cut -c3-) interrupt.py");
        if (run.Output.StartsWith("OLD", StringComparison.Ordinal))
            Assert.Ignore("the kernel was installed by something else than eng/notebooks.sh");
        Assert.That(run.Output.Split("The training was stopped. To continue from its last checkpoint in run"), Has.Length.EqualTo(3),
            run.Output + run.Error);
        Assert.That(run.Output, Does.Contain("42").And.Not.Contain("TIMEOUT"));
    }

    private static JsonObject[] CodeOf(string path) => [.. new Notebook(path).Cells.Where(Notebook.IsCode)];
}
