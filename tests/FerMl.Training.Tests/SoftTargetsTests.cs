using System.ComponentModel.DataAnnotations;
using FerMl.Tests;
using Microsoft.ML;

namespace FerMl.Training.Tests;

public class SoftTargetsTests : FolderTests
{
    private sealed class Row
    {
        [Microsoft.ML.Data.VectorType(7)]
        public float[] Votes { get; set; } = new float[7];
    }

    private static readonly string[] Labels = [.. EmotionTask.Seven.Labels];

    [Test]
    public void Make_Plain_IsTheLabel() =>
        Assert.That(SoftTargets.Make(View([1, 2, 3, 4, 5, 6, 7]), [], [2], [0], Labels, new()),
            Is.EqualTo(new float[] { 0, 0, 1, 0, 0, 0, 0 }));

    // Of the faces that four see as afraid and one as surprised, a quarter bear the label surprise; and anger those that five see as
    // neutral.
    private static readonly (float[] Votes, int Label)[] Voted =
    [
        .. Enumerable.Repeat((new float[] { 0, 0, 4, 0, 0, 1, 0 }, 2), 300),
        .. Enumerable.Repeat((new float[] { 0, 0, 4, 0, 0, 1, 0 }, 5), 100),
        .. Enumerable.Repeat((new float[] { 0, 0, 0, 0, 0, 0, 5 }, 0), 400),
    ];

    [Test]
    public void Make_Votes_CountByWhatLabelsTheirFacesBear_WhereThereAreAny()
    {
        var view = View([.. Voted.Select(face => face.Votes), [0, 0, 0, 0, 0, 0, 0]]);
        int[] labels = [.. Voted.Select(face => face.Label), 3];
        var targets = SoftTargets.Make(view, [], labels, [.. Enumerable.Range(0, labels.Length)], Labels, new() { VotesWeight = 0.5 })
            .Chunk(7).ToArray();
        Assert.That(targets[0], Is.EqualTo(new[] { 0, 0, 0.5f + 0.5f * 0.75f, 0, 0, 0.5f * 0.25f, 0 }).Within(0.02f));
        Assert.That(targets[799], Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 0, 0 }).Within(0.02f));
        Assert.That(targets[800], Is.EqualTo(new float[] { 0, 0, 0, 1, 0, 0, 0 }));
    }

    [Test]
    public void Make_Votes_LearnNothingFromTheLabelsOfHeldOutFaces()
    {
        int[] Kept(int label) => [.. Voted.Select((face, i) => i % 4 == 1 ? label : face.Label)];
        int[] training = [.. Enumerable.Range(0, Voted.Length).Where(i => i % 4 != 1)];
        var view = View([.. Voted.Select(face => face.Votes)]);
        float[] Targets(int label) => SoftTargets.Make(view, [], Kept(label), training, Labels, new() { VotesWeight = 1 });
        Assert.That(Targets(4), Is.EqualTo(Targets(6)));
    }

    [Test]
    public void Make_Votes_AreTheSameAtEveryReading()
    {
        var view = View([.. Voted.Select(face => face.Votes)]);
        float[] Targets() =>
            SoftTargets.Make(view, [], [.. Voted.Select(face => face.Label)], [.. Enumerable.Range(0, Voted.Length)], Labels,
                new() { VotesWeight = 1 });
        Assert.That(Targets(), Is.EqualTo(Targets()));
    }

    [Test]
    public void Make_VotesWithoutVotes_SaysWhatToDo()
    {
        var options = new EmotionTrainerOptions { VotesWeight = 0.5 };
        Assert.That(() => SoftTargets.Make(View([0, 0, 0, 0, 0, 0, 0]), [], [0], [0], Labels, options),
            Throws.TypeOf<TrainingException>().With.Message.Contains("all votes in column 'Votes' are 0; load FER+"));
        Assert.That(() => SoftTargets.Make(View([1, 0, 0, 0, 0, 0, 0]), [], [0], [0], Labels, options with
        {
            VotesColumnName = "Absent",
        }), Throws.TypeOf<TrainingException>().With.Message.Contains("no column 'Absent' with 7 votes a face"));
        foreach (var wrong in new[] { -1, float.NaN, float.PositiveInfinity })
            Assert.That(() => SoftTargets.Make(View([1, 0, 0, wrong, 0, 0, 0]), [], [0], [0], Labels, options),
                Throws.TypeOf<TrainingException>().With.Message.Contains($"row 0: the votes for happy are {wrong.Invariant()}"));
    }

    [Test]
    public void Make_Teachers_GiveTheMeanOfTheirScores()
    {
        EmotionModel[] teachers = [Teacher("a", 1, EmotionTask.Seven), Teacher("b", 2, EmotionTask.Seven)];
        var face = TrainingData.Faces[12];
        var targets = SoftTargets.Make(View([0, 0, 0, 0, 0, 0, 0]), face.Pixels.ToArray(), [(int)face.Emotion], [0], Labels, new()
        {
            Teachers = teachers,
            TeacherWeight = 0.6,
        });
        var path = Folder.Write("face.png", FaceFiles.Png(face.Pixels));
        var scores = teachers.Select(
            teacher => { using var predictor = teacher.CreatePredictor(); return predictor.Predict(path).Scores.Select(score => score.Score)
                .ToArray(); }).ToArray();
        Assert.That(targets,
            Is.EqualTo(Enumerable.Range(0, 7).Select(c => 0.6f * (scores[0][c] + scores[1][c]) / 2 + (c == (int)face.Emotion ? 0.4f : 0)))
            .Within(1e-5f));
    }

    [Test]
    public void Make_TeacherOfMoreEmotions_TeachesAFew_AndOneOfFewerIsRefused()
    {
        var (seven, three) = (Teacher("a", 1, EmotionTask.Seven), Teacher("b", 2, EmotionTask.Three));
        var pixels = TrainingData.Faces[12].Pixels.ToArray();
        var targets = SoftTargets.Make(View([0, 0, 0, 0, 0, 0, 0]), pixels, [0], [0], ["happy", "sad", "neutral"], new()
        {
            Teachers = [seven],
            TeacherWeight = 1,
        });
        Assert.That(targets.Sum(), Is.EqualTo(1).Within(1e-5));
        Assert.That(() => SoftTargets.Make(View([0, 0, 0, 0, 0, 0, 0]), pixels, [0], [0], Labels, new()
        {
            Teachers = [three],
            TeacherWeight = 1,
        }),
            Throws.TypeOf<TrainingException>().With.Message.Contains("has no score for 'anger'; it scores happy, sad, neutral"));
    }

    [Test]
    public void Distillation_NamesItsTeachersInTheCard()
    {
        var teacher = Teacher("a", 1, EmotionTask.Seven);
        using var model = TrainingData.Fit(TrainingData.Quick with { Teachers = [teacher], TeacherWeight = 0.5 });
        Assert.That(model.CreateCard().Teachers, Is.EqualTo(new[] { "model.zip" }));
        Assert.That(() => TrainingData.Fit(TrainingData.Quick with { TeacherWeight = 0.5 }),
            Throws.TypeOf<ValidationException>().With.Message.Contains("must be 0 without teachers"));
    }

    [Test]
    public void FerPlusVotes_ReachTheTrainer()
    {
        var faces = Folder.Write("fer2013.csv", System.Text.Encoding.UTF8.GetBytes("emotion,pixels,Usage\n"
            + string.Concat(TrainingData.Faces.Samples.Take(50)
                .Select(face => $"{(int)face.Emotion},{string.Join(' ', face.Pixels.ToArray())},Training\n"))));
        var votes = Folder.Write("votes.csv", System.Text.Encoding.UTF8.GetBytes(
            "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
            + string.Concat(Enumerable.Repeat("Training,fer0000000.png,2,4,0,4,0,0,0,0,0,0\n", 50))));
        var mlContext = new MLContext();
        var data = TrainingData.View(mlContext, FerDataset.Load(faces).WithVotes(votes));
        var set = TrainingSet.Read(data, Labels, TrainingData.Quick with { VotesWeight = 1 });
        // Votes that are the same for all faces tell nothing but how frequent each label is.
        Assert.That(set.TargetsOf(0).ToArray(), Is.EqualTo(set.ClassCounts().Select(count => (float)count / set.Training.Length))
            .Within(0.01f));
    }

    private static IDataView View(params float[][] votes) =>
        new MLContext().Data.LoadFromEnumerable(votes.Select(row => new Row { Votes = row }));

    private EmotionModel Teacher(string name, int seed, EmotionTask task) => EmotionModel.Load(TrainingRun.Execute(new TrainingRunOptions
    {
        Dataset = TrainingData.Faces,
        Task = task,
        Preset = NetworkPreset.Tiny,
        Training = NetworkPreset.Tiny.Defaults with { Epochs = 1, Seed = seed },
        OutputFolder = Folder.Path(name),
    }).ModelPath);
}
