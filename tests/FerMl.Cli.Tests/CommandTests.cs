using System.Text.Json;
using FerMl.Cli.Commands;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>The commands on small data, in the order in which a user runs them.</summary>
public class CommandTests
{
    private TestFolder _folder = null!;
    private string _model = "";

    [OneTimeSetUp]
    public async Task Train()
    {
        _folder = new TestFolder();
        var (exitCode, output, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "tiny", "--epochs", "2", "--limit", "1400", "--seed", "3", "--out",
            _folder.Path("run"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output, Is.EqualTo(Path.Combine(_folder.Path("run"), "model.zip") + "\n"));
        Assert.That(error, Does.Contain("2/2"));
        _model = output.Trim();
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Train_TakesItsOptions()
    {
        var card = EmotionModel.Load(_model).Card!;
        Assert.That((int?)card.Options!["seed"], Is.EqualTo(3));
        Assert.That((int?)card.Options["epochs"], Is.EqualTo(2));
        Assert.That(card.Data!.Count, Is.EqualTo(1400));
        Assert.That(card.Network, Is.EqualTo("tiny"));
    }

    [Test]
    public async Task DataInfo_Json_CountsUsagesEmotionsAndDuplicates()
    {
        var (exitCode, output, _) = await Ferml.RunAsync("data", "info", "synthetic", "--json");
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That(exitCode, Is.Zero);
        Assert.That(json.GetProperty("count").GetInt32(), Is.EqualTo(4200));
        Assert.That(json.GetProperty("usages").GetProperty("PublicTest").GetProperty("fear").GetInt32(), Is.EqualTo(60));
        Assert.That(json.GetProperty("badRows").GetInt32(), Is.Zero);
        Assert.That(json.GetProperty("duplicates").GetProperty("groups").GetInt32(), Is.Zero);
        Assert.That(json.GetProperty("fingerprint").GetString(), Has.Length.EqualTo(64));
    }

    [Test]
    public async Task DataInfo_Table_IsAsItWas()
    {
        var (_, output, _) = await Ferml.RunAsync("data", "info", "synthetic");
        Snapshot.Match("data-info", string.Join('\n', output.Split('\n').Select(line => line.TrimEnd())));
    }

    [Test]
    public async Task Evaluate_Json_IsOneObject()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "evaluate", "--model", _model, "--data", "synthetic", "--usage", "Test", "--json", "--out", _folder.Path("evaluation"));
        var json = JsonDocument.Parse(output).RootElement;
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(json.GetProperty("count").GetInt32(), Is.EqualTo(840));
        Assert.That(json.GetProperty("task").EnumerateArray().Select(label => label.GetString()), Is.EqualTo(EmotionTask.Seven.Labels));
        Assert.That(File.ReadAllText(_folder.Path("evaluation/evaluation.json")), Is.EqualTo(output));
        var (again, _, complaint) = await Ferml.RunAsync(
            "evaluate", "--model", _model, "--data", "synthetic", "--out", _folder.Path("evaluation"));
        Assert.That((again, complaint.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Report_OfARun_HasItsCurvesFiguresAndFaces()
    {
        var page = _folder.Path("report.html");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "report", _folder.Path("run"), "--data", "synthetic", "--faces", "7", "--robustness", "14", "--out", page);
        Assert.That((exitCode, output), Is.EqualTo((0, page + "\n")), error);
        var html = File.ReadAllText(page);
        Assert.That(html, Does.Contain("<h1>FerMl: run</h1>").And.Contain("420 faces, labels of").And.Contain("run: accuracy").And.Contain(
            "Confusion, number of faces").And.Contain("Reliability").And.Contain("Robustness").And.Contain("batchSize"));
        Assert.That(html.Split("data:image/png").Length - 1, Is.EqualTo(7), "seven faces");
        var (again, _, complaint) = await Ferml.RunAsync("report", _folder.Path("run"), "--out", page);
        Assert.That((again, complaint.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
        var (without, _, _) = await Ferml.RunAsync("report", _model, "--out", page, "--overwrite");
        Assert.That((without, File.ReadAllText(page).Contains("Confusion", StringComparison.Ordinal)), Is.EqualTo((0, false)),
            "without data, the page shows only the model card");
    }

    [Test]
    public async Task Evaluate_TaskThree_SaysWhatIsLeftOut()
    {
        var (exitCode, output, error) = await Ferml.RunAsync("evaluate", "--model", _model, "--data", "synthetic", "--task", "three");
        Assert.That((exitCode, error), Is.EqualTo((0, "240 of 420 faces left out: they have none of the labels happy, sad, neutral.\n")));
        Assert.That(output, Does.Contain("accuracy").And.Contain("95 % interval").And.Contain("neutral"));
    }

    [Test]
    public async Task Train_StartingFromAnEarlierRun_SaysSoInItsCard()
    {
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "tiny", "--epochs", "1", "--limit", "300", "--task", "three", "--weights",
            "float16",
            "--initialize-from", _folder.Path("run"), "--out", _folder.Path("fine"));
        Assert.That(exitCode, Is.Zero, error);
        var card = EmotionModel.Load(_folder.Path("fine/model.zip")).Card!;
        Assert.That((card.InitializedFrom, (string?)card.Options!["weightFormat"]), Is.EqualTo(("run", "float16")));
        Assert.That(EmotionModel.Load(_model).Card!.InitializedFrom, Is.Null);
    }

    [Test]
    public async Task Train_StartingFromAModelFile_SaysSoInItsCard()
    {
        var (exitCode, _, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "tiny", "--epochs", "1", "--limit", "300", "--initialize-from", _model, "--out",
            _folder.Path("further"));
        Assert.That(exitCode, Is.Zero, error);
        var card = EmotionModel.Load(_folder.Path("further/model.zip")).Card!;
        Assert.That(card.InitializedFrom, Is.EqualTo("model.zip"));
    }

    [Test, Category("Slow")]
    public async Task Reproduce_WritesReportAndFigures_AndGoesOnWhenAskedAgain()
    {
        var folder = _folder.Path("paper");
        string[] arguments = ["reproduce", "--data", "synthetic", "--epochs", "1", "--limit", "210", "--out", folder, "--experiment"];
        var (exitCode, _, error) = await Ferml.RunAsync([.. arguments, "cnn-bilstm-three"]);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("CNN-BiLSTM, happy, sad and neutral (cnn-bilstm-three)").And.Contain(
            $"report: {Path.Combine(folder, "reproduction.md")}"));
        foreach (var figure in (string[])["accuracy.svg", "loss.svg", "faces.svg"])
            Assert.That(File.ReadAllText(Path.Combine(folder, "cnn-bilstm-three", figure)), Does.Contain("<svg"), figure);
        var result = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "cnn-bilstm-three", "result.json"))).RootElement;
        Assert.That(result.GetProperty("best").GetProperty("test").GetProperty("faces").GetInt32(), Is.EqualTo(180));

        // The report contains both experiments.
        (exitCode, _, error) = await Ferml.RunAsync([.. arguments, "cnn-first-try"]);
        Assert.That(exitCode, Is.Zero, error);
        var report = File.ReadAllText(Path.Combine(folder, "reproduction.md"));
        Assert.That(report,
            Does.Contain("| CNN-BiLSTM, happy, sad and neutral | 89.0 %, loss 0.53 | 1, best and last |").And.Contain(
                "| CNN, first try: learning rate 0.1"));
        Assert.That(report, Does.Contain("stays below the paper's 89.0 %").And.Contain("(cnn-bilstm-three/faces.svg)"));
    }

    [Test]
    public async Task Evaluate_TaskThatTheModelLacks_IsWrongUsage()
    {
        var (exitCode, _, _) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "tiny", "--epochs", "1", "--limit", "300", "--task", "three", "--out",
            _folder.Path("three"));
        Assert.That(exitCode, Is.Zero);
        var (wrong, _, error) = await Ferml.RunAsync(
            "evaluate", "--model", _folder.Path("three/model.zip"), "--data", "synthetic", "--task", "seven");
        Assert.That((wrong, error), Is.EqualTo((2, "ferml: The model does not predict 'anger'; its labels are happy, sad, neutral.\n")));
    }

    [Test]
    public async Task Predict_FilesFoldersAndPatterns_GoOnAfterABadFile()
    {
        var faces = SyntheticFaces.Create(70).Samples.Take(4).ToArray();
        for (var i = 0; i < faces.Length; i++)
            _folder.Write($"faces/{(i < 2 ? "a" : "b/c")}/{i}.png", FaceFiles.Png(faces[i].Pixels));
        _folder.Write("faces/a/broken.png", "no image");
        var (exitCode, output, error) = await Ferml.RunAsync("predict", "--model", _model, "--format", "json",
            _folder.Path("faces/b"), _folder.Path("faces/**/0.png"), _folder.Path("faces/a/broken.png"), _folder.Path("faces/a/1.png"),
            _folder.Path("absent"));
        var rows = JsonDocument.Parse(output).RootElement.EnumerateArray().ToArray();
        Assert.That(exitCode, Is.EqualTo(1), "some images can't be read");
        Assert.That(rows.Select(row => Path.GetFileName(row.GetProperty("file").GetString())),
            Is.EqualTo(new[] { "2.png", "3.png", "0.png", "1.png" }));
        Assert.That(error, Does.Contain("broken.png: not an image").And.Contain(
            "absent: no such file or folder, and no image matches it."));
        Assert.That(rows[0].GetProperty("scores").EnumerateObject().Select(score => score.Name), Is.EqualTo(EmotionTask.Seven.Labels));
        Assert.That(rows[0].GetProperty("scores").EnumerateObject().Sum(score => score.Value.GetDouble()), Is.EqualTo(1).Within(1e-4));
    }

    [Test]
    public async Task Predict_Csv_QuotesNames()
    {
        var path = _folder.Write("odd, name.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels));
        var (exitCode, output, _) = await Ferml.RunAsync("predict", "--model", _model, "--format", "csv", path);
        var lines = output.TrimEnd().Split('\n');
        Assert.That(exitCode, Is.Zero);
        Assert.That(lines[0], Is.EqualTo("file,label,confidence,anger,disgust,fear,happy,sad,surprise,neutral"));
        Assert.That(lines[1], Does.StartWith($"\"{path}\","));
    }

    [Test]
    public async Task Export_WritesTheNetwork_AndDoesNotOverwrite()
    {
        var path = _folder.Path("network.onnx");
        var (exitCode, output, _) = await Ferml.RunAsync("export", "--model", _model, "--out", path);
        Assert.That((exitCode, output), Is.EqualTo((0, path + "\n")));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(path);
        Assert.That(session.InputMetadata["Pixels"].Dimensions, Is.EqualTo(new[] { -1, 1, 48, 48 }));
        var (again, _, error) = await Ferml.RunAsync("export", "--model", _model, "--out", path);
        Assert.That((again, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Export_ForAnInferenceServer_WritesItsFolder()
    {
        var (exitCode, output, _) = await Ferml.RunAsync("export", "--model", "fer3", "--model-repository", _folder.Path("models"));
        Assert.That(exitCode, Is.Zero);
        Assert.That(output.TrimEnd().Split('\n').Select(path => Path.GetRelativePath(_folder.Path("models"), path).Replace('\\', '/')),
            Is.EqualTo((string[])["fer3/1/model.onnx", "fer3/config.pbtxt", "fer3/labels.txt"]));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(_folder.Path("models/fer3/1/model.onnx"));
        var configuration = await File.ReadAllTextAsync(_folder.Path("models/fer3/config.pbtxt"));
        // The network also outputs the index of the highest score; servers needn't return it.
        foreach (var (name, metadata) in session.InputMetadata.Concat(session.OutputMetadata.Where(output => output.Key == "Score")))
        {
            var sizes = string.Join(", ", metadata.Dimensions[1..]);
            Assert.That(configuration, Does.Contain($"name: \"{name}\", data_type: TYPE_FP32, dims: [ {sizes} ]"));
        }
        Assert.That(await File.ReadAllLinesAsync(_folder.Path("models/fer3/labels.txt")), Is.EqualTo(EmotionTask.Three.Labels));
    }

    [Test]
    public async Task Train_OptionsOfTheEngine_ReachTheCard()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "train", "--data", "synthetic", "--preset", "fast", "--epochs", "2", "--limit", "300", "--out", _folder.Path("engine"),
            "--optimizer", "adamw", "--schedule", "onecycle", "--warm-up", "0.5", "--weight-decay", "0.01", "--clip", "5",
            "--label-smoothing", "0.05", "--ema", "0",
            "--augment", "true", "--mixup", "0.1", "--initial-image-size", "40", "--class-weights", "effectivenumber",
            "--balanced-sampling", "0.5", "--focal", "1", "--teacher", _model,
            "--keep-last", "false", "--test-time-augmentation", "tencrop", "--calibrate", "false", "--precision", "bfloat16", "--device",
            "cpu");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("trained in BFloat16 on CPU."));
        var card = EmotionModel.Load(output.Trim()).Card!;
        Assert.That((card.Precision, card.TestTimeAugmentation, card.Calibration, card.Teachers.Count),
            Is.EqualTo(("BFloat16", "TenCrop", (ModelCalibration?)null, 1)));
        var expected = new Dictionary<string, string>
        {
            ["optimizer"] = "adamW",
            ["schedule"] = "oneCycle",
            ["warmUpEpochs"] = "0.5",
            ["weightDecay"] = "0.01",
            ["gradientClipNorm"] = "5",
            ["labelSmoothing"] = "0.05",
            ["emaDecay"] = "0",
            ["initialImageSize"] = "40",
            ["classWeighting"] = "effectiveNumber",
            ["balancedSampling"] = "0.5",
            ["focalGamma"] = "1",
            ["teacherWeight"] = "0.5",
            ["keepLastEpoch"] = "false",
        };
        Assert.That(expected.Keys.Select(name => card.Options![name]!.ToString()), Is.EqualTo(expected.Values));
        Assert.That((double?)card.Options!["augmentation"]!["mixupAlpha"], Is.EqualTo(0.1));
    }

    [Test]
    public async Task Calibrate_AModelOnFacesItHasNotSeen_WritesOneWithItsTemperature()
    {
        var path = _folder.Path("calibrated.zip");
        var (exitCode, output, error) = await Ferml.RunAsync(
            "calibrate", "--model", _model, "--data", "synthetic", "--usage", "PublicTest", "--out", path);
        Assert.That((exitCode, output), Is.EqualTo((0, $"{path}\n")), error);
        Assert.That(error, Does.Match(@"temperature \d\.\d{3} on 420 faces: expected calibration error 0\.\d{3} before, 0\.\d{3} after\."));
        Assert.That(EmotionModel.Load(path).Card!.Calibration!.Faces, Is.EqualTo(420));
        (exitCode, _, error) = await Ferml.RunAsync(
            "calibrate", "--model", _model, "--data", "synthetic", "--usage", "PublicTest", "--out", path);
        Assert.That((exitCode, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Ensemble_IsAModelLikeAnyOther()
    {
        var path = _folder.Path("ensemble.zip");
        var (exitCode, output, error) = await Ferml.RunAsync("ensemble", _model, _model, "--out", path);
        Assert.That((exitCode, output), Is.EqualTo((0, path + "\n")), error);
        (exitCode, output, _) = await Ferml.RunAsync("evaluate", "--model", path, "--data", "synthetic", "--json");
        var (_, alone, _) = await Ferml.RunAsync("evaluate", "--model", _model, "--data", "synthetic", "--json");
        Assert.That(exitCode, Is.Zero);
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("accuracy").GetDouble(),
            Is.EqualTo(JsonDocument.Parse(alone).RootElement.GetProperty("accuracy").GetDouble()));
        (exitCode, _, error) = await Ferml.RunAsync("ensemble", _model, _model, "--out", path);
        Assert.That((exitCode, error.Contains("already exists", StringComparison.Ordinal)), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task Ensemble_TakesModelsThatComeWithFerMl()
    {
        var path = _folder.Path("shipped.zip");
        var (exitCode, _, error) = await Ferml.RunAsync("ensemble", "fer7-fast", _model, "--out", path);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(EmotionModel.Load(path).Card!.Members.Select(member => member.Network), Is.EqualTo(new[] { "fast", "tiny" }));
    }

    [Test]
    public async Task DataPreview_DrawsFaces_AsTheyAreAndAsTrainingChangesThem()
    {
        var (plain, augmented) = (_folder.Path("plain.svg"), _folder.Path("augmented.svg"));
        Assert.That((await Ferml.RunAsync("data", "preview", "synthetic", "--out", plain)).ExitCode, Is.Zero);
        Assert.That((await Ferml.RunAsync("data", "preview", "synthetic", "--augment", "--seed", "2", "--out", augmented)).ExitCode,
            Is.Zero);
        var images = System.Xml.Linq.XDocument.Load(augmented).Descendants().Where(element => element.Name.LocalName == "image")
        .Select(image => (string?)image.Attribute("href")).ToArray();
        Assert.That(images, Has.Length.EqualTo(7 * 9).And.Unique, "a face per emotion, unchanged and in eight epochs");
        Assert.That(File.ReadAllText(plain).Split("<image").Length - 1, Is.EqualTo(21));
    }

    [Test, Category("Slow")]
    public async Task BenchmarkTraining_Json_HasTheAgreedKeys()
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            "benchmark", "training", "--preset", "fast", "--batch-size", "4", "--seconds", "1", "--json");
        Assert.That(exitCode, Is.Zero, error);
        var json = JsonDocument.Parse(output).RootElement;
        foreach (var key in (string[])[
            "plainImagesPerSecond", "float32ImagesPerSecond", "speedup", "gemmPeakFloat32", "peakMemoryMB"])
            Assert.That(json.GetProperty(key).GetDouble(), Is.Positive, key);
        foreach (var key in (string[])["bfloat16ImagesPerSecond", "gemmPeakBFloat16", "peakShare"])
            Assert.That(json.GetProperty(key).ValueKind, Is.AnyOf(JsonValueKind.Number, JsonValueKind.Null), key);
        Assert.That(json.GetProperty("feedFacesPerSecond").GetProperty("1").GetDouble(), Is.Positive);
        var result = JsonSerializer.Deserialize<TrainingBenchmarkResult>(output, FerMlJson.Options)!;
        Assert.That(Ferml.Text(BenchmarkCommand.Table(result)), Does.Contain("FerMl, bfloat16").And.Contain("images/s"));
    }

    [Test]
    public void BenchmarkAutosTable_FitsEightyColumns()
    {
        var result = new AutoBenchmarkResult("FER2013", 5_000, 20, "ferplus unchanged", 2_953, 0.888, 0.877, 0.899, 0.019);
        var lines = Ferml.Text(BenchmarkAutoCommand.TableOf([result])).Split('\n');
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(80).And.Some.Contains("88.8 % (87.7 to 89.9)"));
    }

    [Test]
    public async Task OnATerminal_BarsMove_AndResultsStayClean()
    {
        var csv = _folder.Write("live.csv", FaceFiles.Csv(SyntheticFaces.Create(280)));
        var (exitCode, output, error) = await Ferml.RunLiveAsync(
            "train", "--data", csv, "--preset", "tiny", "--epochs", "2", "--out", _folder.Path("live"));
        Assert.That((exitCode, output), Is.EqualTo((0, Path.Combine(_folder.Path("live"), "model.zip") + "\n")), error);
        Assert.That(error, Does.Contain("starting").And.Contain("2 of 2 epochs done").And.Contain("2/2").And.Contain("best"));
        (exitCode, output, error) = await Ferml.RunLiveAsync("evaluate", "--model", _model, "--data", csv, "--json");
        Assert.That((exitCode, JsonDocument.Parse(output).RootElement.GetProperty("count").GetInt32()), Is.EqualTo((0, 28)), error);
        (exitCode, output, error) = await Ferml.RunLiveAsync(
            "predict", "--model", _model, "--format", "csv", _folder.Write("live.png", FaceFiles.Png(SyntheticFaces.Create(70)[0].Pixels)));
        Assert.That((exitCode, output.Split('\n').Length), Is.EqualTo((0, 3)), error);
    }
}
