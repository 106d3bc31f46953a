using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class VideoEvaluationTests : VisionTests
{
    private static FaceResult Face(int id, Rect box, Emotion emotion) =>
        new(id, box, new EmotionPrediction(
            EmotionTask.Seven.Labels, [.. EmotionTask.Seven.Emotions.Select(other => other == emotion ? 0.7f : 0.05f)]));

    private static FrameResult Seen(long number, string name = "clip.avi", params FaceResult[] faces) =>
        new(number, TimeSpan.FromSeconds(number), name, 640, 480, faces, default, default, default);

    private static VideoComparison Report(VideoGroundTruth truth, params FrameResult[] frames)
    {
        var evaluation = new VideoEvaluation(truth, EmotionTask.Seven.Labels);
        foreach (var frame in frames)
            evaluation.Add(frame);
        return evaluation.Result();
    }

    [Test]
    public void Add_ComparesEachTrueFaceWithTheOneThatOverlapsIt()
    {
        var truth = VideoGroundTruth.Load(
            Folder.Write("truth.csv",
                "frame,emotion,x,y,width,height\n0,happy,100,100,80,80\n0,sad,300,100,80,80\n1,fear,100,100,80,80\n"));
        var report = Report(truth,
            Seen(0, "clip.avi", Face(1, new Rect(305, 100, 80, 80), Emotion.Sad), Face(2, new Rect(95, 104, 80, 80), Emotion.Anger)),
            Seen(1, "clip.avi", Face(1, new Rect(500, 300, 80, 80), Emotion.Fear)),
            Seen(2, "clip.avi", Face(1, new Rect(0, 0, 80, 80), Emotion.Fear)));
        Assert.That((report.Faces, report.Found, report.Excluded), Is.EqualTo((3, 2, 0)));
        Assert.That((report.Accuracy, report.AccuracyIncludingMissed), Is.EqualTo((0.5, 1 / 3.0)));
        Assert.That(report.Confusion[(int)Emotion.Happy][(int)Emotion.Anger], Is.EqualTo(1));
    }

    [Test]
    public void Add_WithoutBoxes_TakesTheLargestFace()
    {
        var truth = VideoGroundTruth.Load(Folder.Write("truth.csv", " From , TO, Emotion\n0,1.5,happiness\n5,6,angry\n"));
        var report = Report(truth,
            Seen(1, "clip.avi", Face(1, new Rect(0, 0, 20, 20), Emotion.Fear), Face(2, new Rect(100, 100, 90, 90), Emotion.Happy)),
            Seen(2, "clip.avi", Face(1, new Rect(0, 0, 20, 20), Emotion.Fear)),
            Seen(5, "clip.avi"));
        Assert.That((report.Faces, report.Found, report.Accuracy), Is.EqualTo((2, 1, 1.0)));
    }

    [Test]
    public void Add_OfImages_TakesTheEmotionFromFileOrFolder()
    {
        var byFile = VideoGroundTruth.Load(Folder.Write("truth.csv", "file,emotion\n1.png,sad\n"));
        Assert.That(Report(byFile, Seen(0, "any/where/1.png", Face(1, new Rect(0, 0, 9, 9), Emotion.Sad))).Accuracy, Is.EqualTo(1));
        var frame = Seen(0, Path.Combine("faces", "Surprised", "deeper", "1.png"), Face(1, new Rect(0, 0, 9, 9), Emotion.Surprise));
        Assert.That(Report(VideoGroundTruth.FromFolders(), frame).Accuracy, Is.EqualTo(1));
    }

    [Test]
    public void Add_OfAnEmotionThatTheModelDoesNotKnow_LeavesItOut()
    {
        var truth = VideoGroundTruth.Load(Folder.Write("truth.csv", "frame,emotion\n0,fear\n1,sad\n"));
        var evaluation = new VideoEvaluation(truth, EmotionTask.Three.Labels);
        evaluation.Add(Seen(0));
        evaluation.Add(Seen(1));
        Assert.That((evaluation.Faces, evaluation.Found, evaluation.Excluded), Is.EqualTo((1, 0, 1)));
        var report = evaluation.Result();
        Assert.That((report.Accuracy, report.AccuracyIncludingMissed), Is.EqualTo(((double?)null, 0.0)));
    }

    [TestCase("a,b\n1,2\n", "line 1: the columns are a, b; expected emotion, and frame, file, or from and to.")]
    [TestCase("frame,emotion\n0,joyful\n", "line 2, column emotion: 'joyful'; expected one of anger,")]
    [TestCase("frame,emotion\n0,sad\n-1,sad\n", "line 3, column frame: '-1'; expected a number from 0.")]
    [TestCase("frame,emotion,x,y,width,height\n0,sad,1,1,nan,4\n", "line 2, column width: 'nan'")]
    [TestCase("frame,emotion\n", "the table has no rows")]
    [TestCase("frame,emotion\n0\n", "line 2: 1 fields; expected 2.")]
    public void Load_OfAWrongTable_NamesThePlace(string content, string message)
    {
        var path = Folder.Write("truth.csv", content);
        Assert.That(() => VideoGroundTruth.Load(path),
            Throws.TypeOf<VisionException>().With.Message.StartsWith(path).And.Message.Contains(message));
    }

    [Test]
    public void Load_OfNoFile_SaysSo() =>
        Assert.That(() => VideoGroundTruth.Load(Folder.Path("none.csv")),
            Throws.TypeOf<VisionException>().With.Message.Contains("can't be read"));
}
