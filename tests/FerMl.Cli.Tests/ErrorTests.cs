using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary>The message and exit code of every user error.</summary>
public class ErrorTests
{
    private TestFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        _folder.Write("text.zip", "hello");
        _folder.Write("text.csv", "a,b\n1,2\n");
        _folder.Write("empty.csv", "");
        _folder.Write("bad.csv",
            "emotion,pixels,Usage\n9,1 2 3,Training\n3,1 2 3,Nowhere\n3,1 2 x,Training\n3,1 2 3,Training\n3,1 2,Training\n3,4,Training\n");
        _folder.Write("used/model.zip", "old");
        _folder.Write("folder/readme.txt", "no images");
        _folder.Write("damaged/run.json", "{");
        FerMl.Experiments.StudyStore.Open(_folder.Path("studies.db"));
        _folder.Write("images/1.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("no-subcommand", 2, "data")]
    [TestCase("mistyped-command", 2, "predct face.png")]
    [TestCase("mistyped-option", 2, "predict --modle fer7 face.png")]
    [TestCase("option-for-a-file", 2, "predict --nothingness face.png")]
    [TestCase("unknown-command", 2, "learn")]
    [TestCase("unknown-option", 2, "train --data synthetic --out x --speed 3")]
    [TestCase("missing-options", 2, "train")]
    [TestCase("not-a-number", 2, "train --data synthetic --out x --epochs many")]
    [TestCase("unknown-usage", 2, "evaluate --model x --data synthetic --usage Validation")]
    [TestCase("unknown-format", 2, "predict --model x --format xml a.png")]
    [TestCase("no-images", 2, "predict --model x")]
    [TestCase("unknown-preset", 2, "train --data synthetic --out {0}/x --preset resnet")]
    [TestCase("unknown-task", 2, "train --data synthetic --out {0}/x --task zebra")]
    [TestCase("task-of-one", 2, "train --data synthetic --out {0}/x --task happy")]
    [TestCase("epochs-out-of-range", 2, "train --data synthetic --out {0}/x --epochs 0")]
    [TestCase("batch-out-of-range", 2, "train --data synthetic --out {0}/x --batch-size 0")]
    [TestCase("dropout-out-of-range", 2, "train --data synthetic --out {0}/x --dropout 1")]
    [TestCase("learning-rate-out-of-range", 2, "train --data synthetic --out {0}/x --learning-rate 0")]
    [TestCase("validation-out-of-range", 2, "train --data synthetic --out {0}/x --validation 1")]
    [TestCase("early-stopping-out-of-range", 2, "train --data synthetic --out {0}/x --early-stopping -1")]
    [TestCase("threads-out-of-range", 2, "train --data synthetic --out {0}/x --threads -1")]
    [TestCase("limit-out-of-range", 2, "train --data synthetic --out {0}/x --limit 0")]
    [TestCase("limit-not-a-number", 2, "train --data synthetic --out {0}/x --limit many")]
    [TestCase("smoothing-not-a-number", 2, "webcam --smoothing abc")]
    [TestCase("reproduce-limit-out-of-range", 2, "reproduce --data synthetic --out {0}/x --limit 0")]
    [TestCase("reproduce-epochs-out-of-range", 2, "reproduce --data synthetic --out {0}/x --epochs 0")]
    [TestCase("initialize-from-nothing", 1,
        "train --data synthetic --preset tiny --epochs 1 --limit 300 --out {0}/begun --initialize-from {0}/x")]
    [TestCase("schedule-unknown", 2, "train --data synthetic --out {0}/x --schedule linear")]
    [TestCase("warm-up-out-of-range", 2, "train --data synthetic --out {0}/x --epochs 3 --warm-up 3")]
    [TestCase("image-size-of-a-fixed-network", 2, "train --data synthetic --out {0}/x --initial-image-size 32")]
    [TestCase("mixup-without-augmentation", 2, "train --data synthetic --out {0}/x --mixup 0.2")]
    [TestCase("teacher-absent", 1, "train --data synthetic --out {0}/x --teacher {0}/absent.zip")]
    [TestCase("teacher-weight-without-teacher", 2, "train --data synthetic --out {0}/x --teacher-weight 0.5")]
    [TestCase("device-unknown", 2, "train --data synthetic --out {0}/x --device gpu")]
    [TestCase("device-absent", 1, "train --data synthetic --preset tiny --out {0}/device --device cuda:99")]
    [TestCase("resume-nothing", 1, "train --resume {0}/x")]
    [TestCase("resume-with-other-options", 2, "train --resume {0}/x --epochs 30")]
    [TestCase("resume-damaged", 1, "train --resume {0}/damaged")]
    [TestCase("ensemble-of-one", 1, "ensemble {0}/absent.zip --out {0}/e.zip")]
    [TestCase("erasing-without-augmentation", 2, "train --data synthetic --out {0}/x --erasing 0.2")]
    [TestCase("erasing-out-of-range", 2, "train --data synthetic --preset strong --out {0}/x --erasing 2")]
    [TestCase("study-absent", 1, "experiment show --study {0}/absent.db")]
    [TestCase("study-of-another-name", 1, "experiment show --study {0}/studies.db --name nothing")]
    [TestCase("study-is-no-database", 1, "experiment list --study {0}/text.csv")]
    [TestCase("search-of-nothing", 2, "experiment run --data synthetic --study {0}/study.db --search LearningRate")]
    [TestCase("search-of-an-unknown-option", 2, "experiment run --data synthetic --study {0}/study.db --search Speed=1..2")]
    [TestCase("trials-out-of-range", 2, "experiment run --data synthetic --study {0}/study.db --search Dropout=0..0.5 --trials 0")]
    [TestCase("lease-out-of-range", 2, "experiment run --data synthetic --study {0}/study.db --search Dropout=0..0.5 --lease 0")]
    [TestCase("camera-absent", 1, "webcam --headless --source 97")]
    [TestCase("video-absent", 1, "webcam --headless --source {0}/absent.mp4")]
    [TestCase("video-of-text", 1, "webcam --headless --source {0}/text.csv")]
    [TestCase("record-as-something-else", 1, "webcam --headless --source {0}/images --record {0}/x.mkv")]
    [TestCase("detect-every-out-of-range", 2, "webcam --headless --detect-every 0")]
    [TestCase("smoothing-out-of-range", 2, "webcam --headless --smoothing -1")]
    [TestCase("min-face-out-of-range", 2, "webcam --headless --min-face 5")]
    [TestCase("webcam-frames-out-of-range", 2, "webcam --headless --frames 0")]
    [TestCase("serve-port-out-of-range", 2, "serve --port 70000")]
    [TestCase("serve-key-too-short", 2, "serve --api-key abc")]
    [TestCase("serve-certificate-absent", 1, "serve --port 0 --certificate {0}/absent.pem")]
    [TestCase("serve-certificate-of-text", 1, "serve --port 0 --certificate {0}/text.csv")]
    [TestCase("serve-at-no-address", 1, "serve --port 0 --host 203.0.113.7")]
    [TestCase("serve-live-model-absent", 1, "serve --port 0 --live-model {0}/absent.zip")]
    [TestCase("cascade-absent", 1, "predict --faces --cascade {0}/absent.xml {0}/folder")]
    [TestCase("cascade-of-another-detector", 2, "predict --faces --detector ferml --cascade alt {0}/folder")]
    [TestCase("detector-unknown", 2, "predict --faces --detector mtcnn {0}/folder")]
    [TestCase("detector-model-absent", 1, "predict --faces --detector-model {0}/absent.zip {0}/images")]
    [TestCase("detector-model-of-text", 1, "predict --faces --detector-model {0}/text.csv {0}/images")]
    [TestCase("detector-model-of-a-cascade", 2, "predict --faces --detector haar --detector-model {0}/text.csv {0}/images")]
    [TestCase("yunet-without-its-file", 2, "predict --faces --detector yunet {0}/images")]
    [TestCase("haar-min-face-out-of-range", 2, "predict --faces --detector haar --min-face 12 {0}/images")]
    [TestCase("photos-without-a-table", 1, "benchmark detection --data {0}/folder")]
    [TestCase("photos-without-emotions", 1, "benchmark emotion --data {0}/folder")]
    [TestCase("backgrounds-absent", 1, "detector train --data synthetic --backgrounds {0}/absent --out {0}/d.zip")]
    [TestCase("backgrounds-without-images", 1, "detector train --data synthetic --backgrounds {0}/folder --out {0}/d.zip")]
    [TestCase("detector-over-a-file", 1, "detector train --data synthetic --backgrounds {0}/folder --out {0}/text.csv")]
    [TestCase("draw-without-faces", 2, "predict --draw x.png {0}/folder")]
    [TestCase("ground-truth-absent", 1, "webcam --headless --source {0}/folder --ground-truth {0}/absent.csv")]
    [TestCase("log-absent", 1, "timeline {0}/absent.jsonl --out {0}/x.svg")]
    [TestCase("cascade-unknown", 1, "predict --faces --cascade nothing {0}/images")]
    [TestCase("limit-without-robustness", 2, "evaluate --data synthetic --limit 10")]
    [TestCase("robustness-with-task", 2, "evaluate --data synthetic --robustness --task three")]
    [TestCase("benchmark-vision-out-of-range", 2, "benchmark vision --data synthetic --frames 1")]
    [TestCase("benchmark-out-of-range", 2, "benchmark training --batch-size 1")]
    [TestCase("preview-of-no-changes", 2, "data preview synthetic --augment --preset tiny --out {0}/x.svg")]
    [TestCase("preview-without-out", 2, "data preview synthetic")]
    [TestCase("data-absent", 1, "data info {0}/absent.csv")]
    [TestCase("data-empty", 1, "data info {0}/empty.csv")]
    [TestCase("data-other-table", 1, "data info {0}/text.csv")]
    [TestCase("data-bad-rows", 1, "data info {0}/bad.csv")]
    [TestCase("data-all-rows-bad", 1, "data info {0}/bad.csv --skip-bad-rows")]
    [TestCase("data-folder-without-images", 1, "data info {0}/folder")]
    [TestCase("data-archive-of-nothing", 1, "data info {0}/text.zip")]
    [TestCase("train-over-an-earlier-run", 1, "train --data synthetic --preset tiny --out {0}/used")]
    [TestCase("model-absent", 1, "evaluate --model {0}/absent.zip --data synthetic")]
    [TestCase("model-no-archive", 1, "predict --model {0}/text.zip a.png")]
    [TestCase("export-to-two-places", 2, "export --out {0}/x.onnx --model-repository {0}/models")]
    [TestCase("shard-beyond-the-last", 2, "predict --shard 4/3 {0}/images")]
    [TestCase("shard-of-words", 2, "predict --shard first {0}/images")]
    [TestCase("out-with-format", 2, "predict --out {0}/x.jsonl --format csv {0}/images")]
    [TestCase("out-over-another-file", 1, "predict --model fer7-fast --out {0}/text.csv {0}/images")]
    [TestCase("export-model-absent", 1, "export --model {0}/absent.zip --out {0}/x.onnx")]
    public async Task Mistake_SaysWhatIsWrong(string name, int expected, string command)
    {
        var (exitCode, output, error) = await Ferml.RunAsync(
            [.. command.Replace("{0}", _folder.Root).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.That(exitCode, Is.EqualTo(expected), error);
        Assert.That(output, Is.Empty, "errors don't go to standard output");
        Snapshot.Match($"error-{name}", error.Replace(_folder.Root, "FOLDER").Replace(Path.DirectorySeparatorChar, '/'));
    }

    [Test]
    public void Mistakes_LeaveNothingBehind()
    {
        Assert.That(Directory.Exists(_folder.Path("x")), Is.False);
        Assert.That(File.ReadAllText(_folder.Path("used/model.zip")), Is.EqualTo("old"));
    }
}
