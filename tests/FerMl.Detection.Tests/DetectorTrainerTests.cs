using System.ComponentModel.DataAnnotations;
using FerMl.Training;
using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Detection.Tests;

public class DetectorTrainerTests : DetectionTests
{
    private static readonly DetectorTrainerOptions Short = new()
    {
        ProposalSteps = 40,
        VerificationSteps = 2,
        BatchSize = 4,
        Precision = Precision.Float32,
    };

    [Test, Category("Slow")]
    public void Train_LearnsAndWritesADetectorThatOpens()
    {
        var (file, reports) = (Folder.Path("detector.zip"), new List<DetectorProgress>());
        DetectorTrainer.Train(Faces, BackgroundFolder(), file, Short, progress: reports.Add);
        DetectorProgress[] proposals = [.. reports.Where(report => report.Network == "proposals")];
        Assert.That(proposals.Select(report => report.Step), Is.EqualTo(Enumerable.Range(1, 40)));
        Assert.That(proposals[^1].Loss, Is.LessThan(proposals[0].Loss));
        Assert.That(reports.Count(report => report.Network == "verification"), Is.EqualTo(2));
        var card = DetectorFile.Open(file).File.Card;
        Assert.That((card.Faces, card.Backgrounds, card.Seed), Is.EqualTo((50, 19, 1)));
        using (var detector = new CnnFaceDetector(new CnnDetectorOptions { Model = file }))
        using (var gray = new Mat(100, 100, MatType.CV_8UC1, new Scalar(90)))
            Assert.That(() => detector.Detect(gray), Throws.Nothing);

        // Starting from this detector with zero steps gives the same networks, and keeps a bias that too few backgrounds can't replace.
        var first = DetectorFile.Open(file).File;
        (first with { Card = first.Card with { Bias = 4.5 } }).Save(file, overwrite: true);
        var again = Folder.Path("again.zip");
        DetectorTrainer.Train(Faces, Folder.Path("backgrounds"), again, Short with
        {
            ProposalSteps = 0,
            VerificationSteps = 0,
            StartFrom = file,
            Seed = 2,
        });
        var second = DetectorFile.Open(again).File;
        Assert.That(second.Trained.Proposals, Is.EqualTo(first.Trained.Proposals));
        Assert.That(second.Trained.Verification, Is.EqualTo(first.Trained.Verification));
        foreach (var written in new[] { first, second })
            Assert.That(written.Inference, Is.SameAs(written.Int8).And.Not.Null);
        Assert.That((first.Card.Bias, second.Card.Bias), Is.EqualTo((3, 4.5)));
        Assert.That(second.Card with { Bias = 3, Steps = first.Card.Steps }, Is.EqualTo(first.Card), "nothing was trained");
        Assert.That(second.Card.Steps, Is.EqualTo(first.Card.Steps));
    }

    [Test]
    public void Train_ThatIsStopped_EndsBetweenSteps()
    {
        using var stop = new CancellationTokenSource();
        var (file, steps) = (Folder.Path("detector.zip"), 0);
        Assert.That(() => DetectorTrainer.Train(Faces, BackgroundFolder(), file, Short with { BatchSize = 1 }, progress: _ =>
        {
            if (++steps == 2)
                stop.Cancel();
        }, cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That((steps, File.Exists(file)), Is.EqualTo((2, false)));
    }

    [Test]
    public void Train_OfWhatCannotBe_SaysSoBeforeItBegins()
    {
        var (folder, file) = (BackgroundFolder(2), Folder.Path("detector.zip"));
        Assert.That(() => DetectorTrainer.Train([.. Faces.Take(9)], folder, file),
            Throws.ArgumentException.With.Message.Contains("9 faces"));
        Assert.That(() => DetectorTrainer.Train([.. Enumerable.Repeat(new byte[3], 20)], folder, file), Throws.ArgumentException);
        DetectorTrainerOptions usual = new();
        foreach (var wrong in new[] { usual with { ProposalSteps = -1 }, usual with { VerificationSteps = -1 },
            usual with { BatchSize = 0 },
            usual with { BatchSize = 1_025 }, usual with { LearningRate = 0 }, usual with { LearningRate = 1.1 } })
            Assert.That(() => DetectorTrainer.Train(Faces, folder, file, wrong), Throws.TypeOf<ValidationException>(), wrong.ToString());
        Assert.That(() => DetectorTrainer.Train(Faces, folder, file, usual with { StartFrom = Folder.Write("no.zip", "nothing") }),
            Throws.TypeOf<VisionException>().With.Message.Contains("not a face detector"));
        File.WriteAllText(file, "mine");
        Assert.That(() => DetectorTrainer.Train(Faces, folder, file), Throws.InstanceOf<IOException>());
        Assert.That(File.ReadAllText(file), Is.EqualTo("mine"));
    }

    [Test]
    public void Options_HaveTheirDocumentedDefaults() =>
        Assert.That(new DetectorTrainerOptions(), Is.EqualTo(new DetectorTrainerOptions
        {
            ProposalSteps = 14_000,
            VerificationSteps = 6_000,
            BatchSize = 24,
            LearningRate = 0.002,
            StartFrom = null,
            Seed = 1,
            Precision = Precision.Auto,
        }));
}
