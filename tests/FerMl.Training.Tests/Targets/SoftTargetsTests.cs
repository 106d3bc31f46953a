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

    // A quarter of the faces with four votes for fear and one for surprise are labeled surprise; all faces with five votes for neutral are
    // labeled anger.
    private static readonly (float[] Votes, int Label)[] Voted =
    [
        .. Enumerable.Repeat((new float[] { 0, 0, 4, 0, 0, 1, 0 }, 2), 300),
        .. Enumerable.Repeat((new float[] { 0, 0, 4, 0, 0, 1, 0 }, 5), 100),
        .. Enumerable.Repeat((new float[] { 0, 0, 0, 0, 0, 0, 5 }, 0), 400),
    ];

    [Test]
    public void Make_Votes_CountByWhatLabelsTheirFacesBear_WhereThereAreAny()
    {
        var view = View([[0, 0, 0, 0, 0, 0, 0], .. Voted.Select(face => face.Votes)]);
        int[] labels = [3, .. Voted.Select(face => face.Label)];
        var targets = SoftTargets.Make(view, [], labels, [.. Enumerable.Range(0, labels.Length)], Labels, new() { VotesWeight = 0.5 })
            .Chunk(7).ToArray();
        Assert.That(targets[0], Is.EqualTo(new float[] { 0, 0, 0, 1, 0, 0, 0 }));
        Assert.That(targets[1], Is.EqualTo(new[] { 0, 0, 0.5f + 0.5f * 0.75f, 0, 0, 0.5f * 0.25f, 0 }).Within(0.02f));
        Assert.That(targets[800], Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 0, 0 }).Within(0.02f));
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
            Throws.TypeOf<TrainingException>().With.Message.Contains("all votes in column 'Votes' are 0; load the data set with"));
        Assert.That(() => SoftTargets.Make(View([1, 0, 0, 0, 0, 0, 0]), [], [0], [0], Labels, options with
        {
            VotesColumnName = "Absent",
        }), Throws.TypeOf<TrainingException>().With.Message.Contains("no column 'Absent' with 8 votes per face"));
        Assert.That(() => SoftTargets.Make(View([0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]), [], [0, 0], [0], Labels, options),
            Throws.TypeOf<TrainingException>().With.Message.Contains("all votes"), "a held-out face's don't help");
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
            teacher =>
            {
                using var predictor = teacher.CreatePredictor(); return predictor.Predict(path).Scores.Select(score => score.Score)
                .ToArray();
            }).ToArray();
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
        using var predictor = seven.CreatePredictor();
        var scores = predictor.Predict([new GrayImage(pixels, 48, 48)])[0].RestrictTo(["happy", "sad", "neutral"]).Scores;
        Assert.That(targets, Is.EqualTo(scores.Select(score => score.Score)).Within(1e-5f));
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
        // Votes that are equal for all faces contain only the frequency of each label.
        Assert.That(set.TargetsOf(0).ToArray(), Is.EqualTo(set.ClassCounts().Select(count => (float)count / set.Training.Length))
            .Within(0.01f));
    }

    [Test]
    public void Make_Probability_IsTheDistributionOfTheVotesWithoutSingleOnes()
    {
        var options = new EmotionTrainerOptions { VotesWeight = 1, VotesMode = VotesMode.Probability };
        // anger, disgust, fear, happy, sad, surprise, neutral; the second face has single votes only, and keeps its label.
        var targets = SoftTargets.Make(View([6, 0, 0, 1, 2, 0, 0], [1, 1, 1, 0, 0, 0, 0]), [], [4, 2], [0, 1], Labels, options);
        Assert.That(targets.Chunk(7).First(), Is.EqualTo(new[] { 0.75f, 0, 0, 0, 0.25f, 0, 0 }).Within(1e-6f));
        Assert.That(targets.Chunk(7).Last(), Is.EqualTo(new float[] { 0, 0, 1, 0, 0, 0, 0 }));
        var three = SoftTargets.Make(View([2, 0, 0, 6, 3, 0, 0]), [], [0], [0], [.. EmotionTask.Three.Labels], options);
        Assert.That(three, Is.EqualTo(new[] { 6 / 9f, 3 / 9f, 0 }).Within(1e-6f), "happy, sad, neutral");
        var majority = SoftTargets.Make(View([6, 0, 0, 1, 2, 0, 0]), [], [0], [0], Labels, options with { VotesMode = VotesMode.Majority });
        Assert.That(majority, Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 0, 0 }));
        Assert.That(() => SoftTargets.Make(View([6, 0, 0, 1, 2, 0, 0]), [], [0], [0], ["cat", "dog"], options),
            Throws.TypeOf<TrainingException>().With.Message.Contains("FER+ has no votes for 'cat'"));
    }

    [Test]
    public void AuxiliaryHead_HasItsShareBehindTheLabelsTargets_WhereTheFaceHasOne()
    {
        var data = TrainingData.View(new MLContext(1), TrainingData.Faces);
        var options = TrainingData.Quick with { AuxiliaryHead = AuxiliaryHead.Fer2013, AuxiliaryWeight = 0.25 };
        var set = TrainingSet.Read(data, Labels, options);
        Assert.That((set.Classes, set.TargetWidth), Is.EqualTo((7, 14)));
        var label = set.Labels[3];
        Assert.That(set.TargetsOf(3).ToArray(), Is.EqualTo(Enumerable.Range(0, 14).Select(
            c => c == label ? 0.75f : c == 7 + label ? 0.25f : 0)), "drawn faces have no label but their own");
        Assert.That(() => TrainingSet.Read(data, Labels, options with { AuxiliaryHead = AuxiliaryHead.FerPlus }),
            Throws.TypeOf<TrainingException>().With.Message.StartsWith(
                "AuxiliaryHead is FerPlus, but all votes in column 'Votes' are 0; load the data set with "
                    + "FerLoadOptions.VotesPath, or leave AuxiliaryHead out."));
    }

    [Test]
    public void AuxiliaryHead_OfVotes_HasTheirDistribution_AndNoShareWhereThereAreNone()
    {
        var targets = SoftTargets.WithAuxiliary(
            [1, 0, 0, 1], View([6, 0, 0, 1, 2, 0, 0], [1, 1, 1, 0, 0, 0, 0]), [0, 1], classes: 2,
            new() { AuxiliaryHead = AuxiliaryHead.FerPlus, AuxiliaryWeight = 0.5 });
        Assert.That(targets.Chunk(10).First(), Is.EqualTo(new[] { 0.5f, 0, 0.375f, 0, 0, 0, 0.125f, 0, 0, 0 }));
        Assert.That(targets.Chunk(10).Last(), Is.EqualTo(new float[] { 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 }), "single votes only");
    }

    [Test]
    public void AuxiliaryHead_IsTrainedWith_AndNoPartOfTheModel()
    {
        using var plain = TrainingData.Fit(TrainingData.Quick);
        using var model = TrainingData.Fit(TrainingData.Quick with { AuxiliaryHead = AuxiliaryHead.Fer2013 });
        Assert.That(model.CreateCard().Parameters, Is.EqualTo(plain.CreateCard().Parameters));
        Assert.That(model.Onnx.Length, Is.EqualTo(plain.Onnx.Length).Within(64), "the same network");
        Assert.That(model.Onnx.ToArray(), Is.Not.EqualTo(plain.Onnx.ToArray()), "but other weights");
        using var network = new FaceNetwork(NetworkPreset.Tiny.Network(new(0)), 8, 128, 64, auxiliaryClasses: 7);
        using var scope = TorchSharp.torch.NewDisposeScope();
        network.train();
        Assert.That(network.forward(TorchSharp.torch.zeros(2, 1, 48, 48)).shape, Is.EqualTo(new long[] { 2, 15 }));
        network.eval();
        Assert.That(network.forward(TorchSharp.torch.zeros(2, 1, 48, 48)).shape, Is.EqualTo(new long[] { 2, 8 }));
    }

    [Test]
    public void AuxiliaryHead_BeginsAfresh_WhereTheEarlierRunHadNone()
    {
        TrainingData.Fit(TrainingData.Quick with { Execution = new() { CheckpointFolder = Folder.Root } }).Dispose();
        using var model = TrainingData.Fit(TrainingData.Quick with
        {
            InitializeFrom = InitialWeights.FromRun(Folder.Root),
            AuxiliaryHead = AuxiliaryHead.Fer2013,
            Epochs = 1,
        });
        Assert.That(model.CreateCard().Labels, Is.EqualTo(Labels));
    }

    [Test]
    public void FacesWithoutMajority_AreTrainedOn_AndNeverHeldOut()
    {
        var csv = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(140)));
        // The last of every seven faces has a tie.
        var votes = Folder.Write("votes.csv",
            "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
            + string.Concat(SyntheticFaces.Create(140).Samples.Select(
                face => $"{face.Usage},fer.png,{(face.Index % 7 == 6 ? "5,5" : face.Index % 2 == 0 ? "9,1" : "1,9")},0,0,0,0,0,0,0,0\n")));
        var faces = FerDataset.Load(csv, new FerLoadOptions
        {
            VotesPath = votes,
            Annotation = Annotation.FerPlus,
            KeepWithoutMajority = true,
        }).Where(face => face.Usage == Usage.Training);
        var set = TrainingSet.Read(
            TrainingData.View(new MLContext(1), faces, EmotionTask.Eight), [.. EmotionTask.Eight.Labels], TrainingData.Quick with
            {
                ValidationFraction = 0.5,
            });
        Assert.That(faces.Samples.Count(face => face.Votes!.Value.Majority is null), Is.EqualTo(16));
        Assert.That(set.Validation, Is.Not.Empty);
        Assert.That(set.Validation.Select(face => faces[face].Votes!.Value.Majority), Has.None.Null);
        var before = Enumerable.Range(0, faces.Count).Select(set.KeyOf).ToHashSet();
        before.Remove(set.KeyOf(0));
        var again = TrainingSet.Read(
            TrainingData.View(new MLContext(1), faces, EmotionTask.Eight), [.. EmotionTask.Eight.Labels], TrainingData.Quick, before);
        Assert.That(again.Training, Has.Member(0).And.Exactly(17).Items, "not even if an earlier training held them out");
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
