using System.Text.Json.Nodes;
using FerMl.Tests;
using FerMl.Training;

namespace FerMl.Cli.Tests;

/// <summary><c>ferml train</c>, each test in its own folder.</summary>
public class TrainCommandTests : FolderTests
{
    [Test]
    public async Task Train_StartingFromAModelThatComesWithFerMl_CanBeResumed()
    {
        var folder = Folder.Path("shipped");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "fast", "--epochs", "1", "--limit", "210", "--initialize-from", "fer7-fast",
            "--teacher", "fer7-fast", "--out", folder);
        Assert.That(exitCode, Is.Zero, error);
        (exitCode, _, error) = await Ferml.RunAsync("train", "--resume", folder);
        Assert.That(exitCode, Is.Zero, error);
        var card = EmotionModel.Load(Path.Combine(folder, "model.zip")).Card!;
        Assert.That((card.InitializedFrom, card.Teachers.Single()), Is.EqualTo(("fer7-fast", "fer7-fast")));
    }

    [Test]
    public async Task Train_Resume_NeedsNothingButTheFolder()
    {
        var folder = Folder.Path("again");
        string[] options = ["--preset", "tiny", "--epochs", "2", "--limit", "700", "--seed", "4", "--validation", "0.3"];
        var (exitCode, first, error) = await Ferml.RunAsync(["train", "--data", "synthetic", .. options, "--out", folder]);
        Assert.That(exitCode, Is.Zero, error);
        var before = EmotionModel.Load(first.Trim()).Onnx.ToArray();
        File.Delete(first.Trim());
        (exitCode, var second, error) = await Ferml.RunAsync("train", "--resume", folder);
        Assert.That((exitCode, second), Is.EqualTo((0, first)), error);
        Assert.That(EmotionModel.Load(second.Trim()).Onnx.ToArray(), Is.EqualTo(before));
    }

    [Test]
    public async Task Train_OneEpochOfAPresetWithWarmUp_Works()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "fast", "--epochs", "1", "--limit", "100", "--out", Folder.Path("one"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That((double?)EmotionModel.Load(output.Trim()).Card!.Options!["warmUpEpochs"], Is.EqualTo(0.1));
    }

    [Test]
    public async Task Train_SkipBadRows_ReportsThem()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)) + "9,1 2 3,Training\n");
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", csv, "--skip-bad-rows", "--preset", "tiny", "--epochs", "1", "--out", Folder.Path("skipped"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("1 problem; the affected rows or images are left out:")
            .And.Contain("fer2013.csv, line 142, column emotion: '9'"));
    }

    [Test]
    public async Task Train_Sequences_GivesAModelOfClips_WhichEvaluateAndPredictTake()
    {
        var folder = Folder.Path("clips");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "train", "--sequences", "fer7-fast", "--frames", "4", "--data", "synthetic", "--limit", "70", "--epochs", "2", "--out", folder);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("2 epochs on 70 clips"));
        var model = output.Trim();

        (exitCode, output, error) = await Ferml.RunAsync("evaluate", "--model", model, "--data", "synthetic", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var result = JsonNode.Parse(output)!;
        Assert.That((int)result["count"]!, Is.EqualTo(140));
        Assert.That((double)result["average"]!["logLoss"]!, Is.InRange(0.1, 9).And.Not.EqualTo((double)result["sequence"]!["logLoss"]!));

        // A file of single faces is evaluated as noisy clips.
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)));
        (exitCode, output, error) = await Ferml.RunAsync("evaluate", "--model", model, "--data", csv);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Does.Contain("14 clips").And.Contain("BiLSTM").And.Contain("mean of scores"));

        foreach (var (frame, i) in SyntheticClips.Create(70).Clips[3].ReadFrames(5).Select((frame, i) => (frame, i)))
            Folder.Write($"seen/{i}.png", FaceFiles.Png(frame));
        (exitCode, output, error) = await Ferml.RunAsync("predict", "--model", model, "--format", "json", Folder.Path("seen"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That((string)JsonNode.Parse(output)![0]!["file"]!, Is.EqualTo(Folder.Path("seen")));

        // An archive of clips can be split into shards and resumed, like one of images.
        foreach (var (frame, i) in SyntheticClips.Create(70).Clips[4].ReadFrames(5).Select((frame, i) => (frame, i)))
            Folder.Write($"archive/more/other/{i}.png", FaceFiles.Png(frame));
        Directory.Move(Folder.Path("seen"), Folder.Path("archive/seen"));
        Folder.Write("archive/broken/0.png", "no image");
        var lines = new List<string>();
        foreach (var part in (string[])["1/2", "2/2", "2/2"])
        {
            var log = Folder.Path($"{part[0]}.jsonl");
            (exitCode, _, error) = await Ferml.RunAsync(
                "predict", "--model", model, "--shard", part, "--out", log, Folder.Path("archive"));
            if (!error.Contains("done already", StringComparison.Ordinal))
                lines.AddRange(File.ReadAllLines(log));
        }
        Assert.That(lines.Select(line => Path.GetRelativePath(Folder.Root, (string)JsonNode.Parse(line)!["file"]!).Replace('\\', '/')),
            Is.EquivalentTo(new[] { "archive/broken", "archive/more/other", "archive/seen" }));
        Assert.That(lines.Count(line => JsonNode.Parse(line)!["error"] is not null), Is.EqualTo(1));
        Directory.Move(Folder.Path("archive/seen"), Folder.Path("seen"));

        foreach (var (said, arguments) in new (string, string[])[]
        {
            ("no such folder of frames", ["predict", "--model", model, Folder.Path("none")]),
            ("--model-repository is for models of single faces",
                ["export", "--model", model, "--model-repository", Folder.Path("repository")]),
            ("--faces is for models of single faces", ["predict", "--model", model, "--faces", Folder.Path("seen")]),
            ("--robustness is for models of single faces", ["evaluate", "--model", model, "--data", csv, "--robustness"]),
            ("--preset is for training on single faces",
                ["train", "--sequences", "fer7-fast", "--preset", "tiny", "--data", "synthetic", "--out", folder]),
            ("--frames needs --sequences", ["train", "--frames", "5", "--data", "synthetic", "--out", folder]),
            ("classifies clips of 4 frames", ["webcam", "--model", model, "--source", Folder.Path("seen")]),
        })
        {
            (exitCode, _, error) = await Ferml.RunAsync(arguments);
            Assert.That(exitCode, Is.Not.Zero, said);
            Assert.That(error, Does.Contain(said));
        }
    }

    [Test]
    public async Task Export_Int8_GivesAFasterModel_OrItsNetwork()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)));
        var zip = Folder.Path("faster.zip");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "export", "--model", "fer7-fast", "--int8", "--data", csv, "--out", zip);
        Assert.That((exitCode, output.Trim()), Is.EqualTo((0, zip)), error);
        Assert.That(EmotionModel.Load(zip).Card!.Quantization!.Faces, Is.EqualTo(112));

        foreach (var (option, file) in new[] { ("--trained", "trained.onnx"), ("--overwrite", "whole.onnx") })
            Assert.That((await Ferml.RunAsync("export", "--model", zip, option, "--out", Folder.Path(file))).ExitCode, Is.Zero);
        Assert.That(File.ReadAllBytes(Folder.Path("trained.onnx")),
            Is.EqualTo(EmotionModel.LoadPretrained(PretrainedModel.SevenFast).TrainedOnnx.ToArray()));
        Assert.That(File.ReadAllBytes(Folder.Path("whole.onnx")), Is.EqualTo(EmotionModel.Load(zip).Onnx.ToArray()));

        foreach (var (said, arguments) in new (string, string[])[]
        {
            ("--int8 needs --data", ["export", "--int8", "--out", Folder.Path("a.onnx")]),
            ("--data goes with --int8 or", ["export", "--data", csv, "--out", Folder.Path("a.onnx")]),
            ("leave out --int8", ["export", "--int8", "--trained", "--data", csv, "--out", Folder.Path("a.onnx")]),
            ("is written with --int8 or --test-time-augmentation only", ["export", "--out", Folder.Path("a.zip")]),
        })
        {
            (exitCode, _, error) = await Ferml.RunAsync(arguments);
            Assert.That(exitCode, Is.EqualTo(2), error);
            Assert.That(error, Does.Contain(said));
        }
    }

    [Test]
    public async Task Export_WithOtherViews_GivesAModelThatAveragesOverThem_OrItsNetwork()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)));
        var (zip, onnx) = (Folder.Path("five.zip"), Folder.Path("five.onnx"));
        foreach (var path in new[] { zip, onnx })
        {
            var (exitCode, output, error) = await Ferml.RunAsync(
                "export", "--model", "fer7-fast", "--test-time-augmentation", "FiveCrop", "--data", csv, "--out", path);
            Assert.That((exitCode, output.Trim()), Is.EqualTo((0, path)), error);
            Assert.That(error, Does.Contain("has none of the faces that the training of fer7-fast held out; its temperature stays"));
        }
        var model = EmotionModel.Load(zip);
        Assert.That((model.Card!.TestTimeAugmentation, model.Card.Quantization?.Faces), Is.EqualTo(("FiveCrop", (int?)112)));
        Assert.That(File.ReadAllBytes(onnx), Is.EqualTo(model.Onnx.ToArray()));

        var both = Folder.Path("both.zip");
        var fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
        ModelEnsemble.Save([fast, fast], both);
        var refused = await Ferml.RunAsync(
            "export", "--model", both, "--test-time-augmentation", "none", "--data", Folder.Path("not-opened.csv"), "--out",
            Folder.Path("a.zip"));
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("make it again"));
        foreach (var (said, arguments) in new (string, string[])[]
        {
            ("fer7-fast is int8; give its training data", ["--model", "fer7-fast", "--test-time-augmentation", "none"]),
            ("'twice'", ["--test-time-augmentation", "twice"]),
        })
        {
            var (exitCode, _, error) = await Ferml.RunAsync(["export", "--out", Folder.Path("a.zip"), .. arguments]);
            Assert.That(exitCode, Is.EqualTo(2), error);
            Assert.That(error, Does.Contain(said));
        }
    }

    [Test]
    public async Task Benchmark_Prediction_MeasuresBothFormatsOfAModel()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)));
        var (exitCode, output, error) = await Ferml.RunAsync(
            "benchmark", "prediction", "--model", "fer7-fast", "--data", csv, "--rounds", "1", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var formats = JsonNode.Parse(output)!["fer7-fast"]!.AsObject();
        Assert.That(formats.Select(format => format.Key), Is.EqualTo(new[] { "float32", "int8" }));
        foreach (var (_, speed) in formats)
        {
            foreach (var key in (string[])["p50Ms", "p95Ms", "facesPerSecond", "firstPredictionMs"])
                Assert.That((double)speed![key]!, Is.GreaterThan(0), key);
            Assert.That((double)speed!["accuracy"]!, Is.InRange(0, 1));
        }
        Assert.That((double)formats["float32"]!["accuracyDelta"]!, Is.Zero);
        Assert.That((double)formats["int8"]!["accuracyDelta"]!, Is.InRange(-0.3, 0.3));
    }
}
