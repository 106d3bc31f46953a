using System.Text.Json;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

public class ProcessTests : FolderTests
{
    [Test]
    public void SavedModel_InAProcessWithFerMlAlone_GivesTheSameScores()
    {
        var model = Train("--test-time-augmentation", "flip");
        var face = Folder.Write("face.png", FaceFiles.Png(SyntheticFaces.Create(70)[12].Pixels));
        using var predictor = EmotionPredictor.Load(model);
        var expected = predictor.Predict(face);

        var folder = Path.GetDirectoryName(Command.ModelReader)!;
        Assert.That(Directory.GetFiles(folder, "*orch*", SearchOption.AllDirectories), Is.Empty, "using a model needs no libtorch");
        Assert.That(Directory.GetFiles(folder, "*OpenCv*", SearchOption.AllDirectories), Is.Empty);
        var (exitCode, output, error) = Command.Run(Folder.Root, Command.ModelReader, model, face);
        Assert.That(exitCode, Is.Zero, error);
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That(json.GetProperty("PredictedLabel").GetString(), Is.EqualTo(expected.Label));
        Assert.That(json.GetProperty("Score").EnumerateArray().Select(score => score.GetSingle()),
            Is.EqualTo(expected.Scores.Select(score => score.Score)).Within(1e-5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Prediction_LeavesTheHomeFolderUntouched(bool byPredictionEngine)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("where a system keeps such files is known of Linux only");
        var face = Folder.Write("face.png", FaceFiles.Png(SyntheticFaces.Create(70)[12].Pixels));
        Directory.CreateDirectory(Folder.Path("home"));
        var program = byPredictionEngine
            ? $"'{Command.ModelReader}' '{Repository.File("artifacts/models/fer7-fast.zip")}' '{face}'"
            : $"'{Command.Ferml}' predict --model fer7-fast '{face}'";
        var (exitCode, output, error) = Command.Run(
            Folder.Root, "bash", "-c", $"unset XDG_CACHE_HOME; export HOME='{Folder.Path("home")}'; exec dotnet {program}");
        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(Directory.EnumerateFileSystemEntries(Folder.Path("home"), "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void NoFolderForTemporaryFiles_IsSaidWithTheRemedy()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("TMPDIR is Unix'");
        var (exitCode, _, error) = Command.Run(Folder.Root, "bash", "-c",
            $"TMPDIR=/no/such/folder exec dotnet '{Command.Ferml}' train --data synthetic --limit 70 --preset tiny --epochs 1 --out run");
        Assert.That(exitCode, Is.EqualTo(1), error);
        Assert.That(error, Does.Contain("ferml: /no/such/folder/: the folder for temporary files doesn't exist; create it, or set TMPDIR"));
    }

    [Test]
    public void Serve_AtAPortInUse_SaysSoInALine()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, output, error) = Command.Run(Folder.Root, Command.Ferml, "serve", "--port", $"{port}");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That((output + error).Trim(), Is.EqualTo(
            $"ferml: Port {port} of localhost is in use: another program listens there. Give another --port, or 0 for a free one."));
    }

    [Test]
    public void Interrupt_InTraining_KeepsTheBestEpochAndStops()
    {
        Command.RequireInterrupts();
        var (exitCode, output, error) = Command.InterruptAt(
            "1/9999", Folder.Root, "train", "--data", "synthetic", "--preset", "tiny", "--epochs", "9999", "--out", "run");
        Assert.That(exitCode, Is.EqualTo(1), error);
        Assert.That(error, Does.Contain("stopped after ").And.Contain("the best of them is kept."));
        Assert.That(output.Trim(), Is.EqualTo(Path.Combine("run", "model.zip")));
        Assert.That(EmotionModel.Load(Folder.Path("run/model.zip")).Labels, Is.EqualTo(EmotionTask.Seven.Labels));
    }

    [Test]
    public void Interrupt_TwiceAtOnce_StopsWithoutATrace()
    {
        Command.RequireInterrupts();
        var (exitCode, _, error) = Command.InterruptAt(
            "1/9999", Folder.Root, ["train", "--data", "synthetic", "--preset", "tiny", "--epochs", "9999", "--out", "run"], times: 3);
        Assert.That(exitCode, Is.EqualTo(1), error);
        Assert.That(error, Does.Contain("the best of them is kept.").And.Not.Contain("   at "));
        Assert.That(EmotionModel.Load(Folder.Path("run/model.zip")).Labels, Is.EqualTo(EmotionTask.Seven.Labels));
    }

    [Test, Category("Slow")]
    public void Interrupt_AgainInTheMiddleOfAStep_EndsAtOnceWithoutACrash()
    {
        Command.RequireInterrupts();
        // A step of this network takes longer than the pause, so libtorch is computing while the process ends.
        var (exitCode, _, error) = Command.InterruptAt(
            "1/99", Folder.Root,
            ["train", "--data", "synthetic", "--limit", "700", "--preset", "strong", "--batch-size", "700", "--epochs", "99", "--out",
                $"run-{Guid.NewGuid():N}"],
            times: 2, secondsBetween: 0.6);
        Assert.That(exitCode, Is.EqualTo(130), error);
        Assert.That(error, Does.Not.Contain("   at "));
    }

    [Test]
    public void Interrupt_InServe_EndsItInPeace()
    {
        Command.RequireInterrupts();
        var (exitCode, output, error) = Command.InterruptAt("the API. Ctrl+C", Folder.Root, "serve", "--port", "0", "--model", "fer7-fast");
        Assert.That((exitCode, output), Is.EqualTo((0, "")), error);
        Assert.That(error, Does.Match("^http://127.0.0.1:[1-9]").And.Not.Contain("   at "));
    }

    [Test]
    public void Interrupt_InQuickstart_StopsWithoutATrace()
    {
        Command.RequireInterrupts();
        var (exitCode, _, error) = Command.InterruptAt("1/10", Folder.Root, "quickstart");
        Assert.That((exitCode, error.TrimEnd().Split('\n')[^1]), Is.EqualTo((1, "ferml: stopped.")));
        Assert.That(File.Exists(Folder.Path("ferml-quickstart/model.zip")), Is.False);
    }

    [Test]
    public void Results_GoToStandardOutput_AndNothingElseDoes()
    {
        var model = Train();
        var (exitCode, output, error) = Command.Run(
            Folder.Root, Command.Ferml, "evaluate", "--model", model, "--data", "synthetic", "--json");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("count").GetInt32(), Is.EqualTo(420));
        Assert.That(Command.Run(
            Folder.Root, Command.Ferml, "evaluate", "--model", "absent.zip", "--data", "synthetic") is { ExitCode: 1, Output: "" },
                Is.True);
        Assert.That(Command.Run(Folder.Root, Command.Ferml, "evaluate") is { ExitCode: 2, Output: "" }, Is.True);
    }

    [Test]
    public void RealData_TrainsAndEvaluates()
    {
        var data = Repository.Data("fer2013.zip");
        var (exitCode, _, error) = Command.Run(
            Folder.Root, Command.Ferml, "train", "--data", data, "--task", "three", "--preset", "tiny", "--epochs", "2", "--limit", "4000",
            "--out", "run");
        Assert.That(exitCode, Is.Zero, error);
        var (_, output, note) = Command.Run(Folder.Root, Command.Ferml, "evaluate", "--model", "run/model.zip", "--data", data, "--json");
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That(note, Does.Contain("left out: they have none of the labels happy, sad, neutral."));
        Assert.That(json.GetProperty("duplicatesInTraining").GetInt32(), Is.Positive);
        Assert.That(json.GetProperty("accuracy").GetDouble(), Is.GreaterThan(0.45), "always answering 'happy' gives 0.42");
    }

    private string Train(params string[] more)
    {
        var (exitCode, output, error) = Command.Run(Folder.Root, Command.Ferml,
            ["train", "--data", "synthetic", "--preset", "tiny", "--epochs", "2", "--limit", "700", "--out", "run", .. more]);
        Assert.That(exitCode, Is.Zero, error);
        return Folder.Path(output.Trim());
    }
}
