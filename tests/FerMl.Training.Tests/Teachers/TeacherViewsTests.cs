using System.IO.Compression;
using FerMl.Tests;
using Microsoft.ML;

namespace FerMl.Training.Tests;

public class TeacherViewsTests : FolderTests
{
    private static readonly FerDataset Faces = TrainingData.Faces.Where(face => face.Index < 60);
    private static readonly AugmentationOptions Changes = new() { Erasing = 1 };
    private static readonly EmotionModel Teacher = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
    private static readonly Lazy<TeacherViews> Views = new(() => Score(Changes));

    private static TeacherViews Score(AugmentationOptions changes, int crop = 48) => TeacherViews.Score(
        Faces, [Teacher], new TeacherViewsOptions { Augmentation = changes, Views = 3, Seed = 4, CropSize = crop });

    private static EmotionTrainerOptions Student => TrainingData.Quick with
    {
        ValidationFraction = 0,
        Augmentation = Changes,
        TeacherViews = Views.Value,
        TeacherWeight = 1,
    };

    [Test]
    public void Student_SeesTheFacesThatTheTeacherScored([Values(48, 40)] int crop)
    {
        var options = Student with { TeacherViews = Score(Changes, crop), CropSize = crop, Network = NetworkPreset.Fast.Network(default) };
        var set = Read(options);
        using var predictor = Teacher.CreatePredictor();
        var seen = 0;
        foreach (var batch in new DataLoader(set, options).Epoch(2))
            for (var i = 0; i < batch.Count; i++, seen++)
            {
                Assert.That(batch.ImageSize, Is.EqualTo(crop));
                if (crop < 48)
                    continue;
                var image = Array.ConvertAll(batch.Pixels[(i * 2304)..((i + 1) * 2304)], level => (byte)(level + 0.5f));
                var expected = predictor.Predict(image, 48, 48).Scores.Select(score => score.Score);
                Assert.That(batch.Targets[(i * 7)..((i + 1) * 7)], Is.EqualTo(expected).Within(2e-3), $"face {seen}");
            }
        Assert.That(seen, Is.EqualTo(60));
    }

    [Test]
    public void Student_LearnsFromLabelsAndTeachersInProportion()
    {
        var (all, half) = (Targets(Student), Targets(Student with { TeacherWeight = 0.5 }));
        var labels = Targets(Student with { TeacherViews = null, TeacherWeight = 0 });
        for (var i = 0; i < all.Length; i++)
            Assert.That(half[i], Is.EqualTo((all[i] + labels[i]) / 2).Within(1e-5));
    }

    [Test]
    public void Saved_OpensTheSame_AndServesThreeLabels()
    {
        var path = Folder.Path("views.zip");
        Views.Value.Save(path);
        Assert.That(() => Views.Value.Save(path), Throws.TypeOf<IOException>());
        var opened = TeacherViews.Load(path);
        Assert.That((opened.FaceCount, opened.ViewCount, opened.Seed, opened.CropSize, opened.Augmentation),
            Is.EqualTo((60, 3, 4, 48, Changes)));
        Assert.That(opened.Teachers, Is.EqualTo(new[] { Teacher.Name }));
        Assert.That(Targets(Student with { TeacherViews = opened }), Is.EqualTo(Targets(Student)));

        var three = Student with { TeacherViews = opened };
        var set = TrainingSet.Read(
            TrainingData.View(new MLContext(1), Faces.FilterByTask(EmotionTask.Three), EmotionTask.Three),
            [.. EmotionTask.Three.Labels], three);
        var targets = new DataLoader(set, three).Epoch(1).First().Targets;
        Assert.That(targets.Chunk(3).Take(10).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Student_OfOtherChangesFacesOrLabels_IsToldWhich()
    {
        Assert.That(() => Read(Student with { Augmentation = Changes with { Rotation = 3, MixupAlpha = 0.4 } }),
            Throws.TypeOf<TrainingException>().With.Message.Contains("rotation was 10 and is 3").And.Message.Not.Contains("ixup"));
        Assert.That(() => Read(Student with { CropSize = 40 }), Throws.TypeOf<TrainingException>().With.Message.Contains("crops of 48"));
        Assert.That(() => Read(Student, TrainingData.Faces),
            Throws.TypeOf<TrainingException>().With.Message.Contains("640 of the 700 faces"));
        Assert.That(() => (Student with { Teachers = [Teacher] }).Validate(),
            Throws.TypeOf<System.ComponentModel.DataAnnotations.ValidationException>());
        Assert.That(() => (Student with { Augmentation = null }).Validate(),
            Throws.TypeOf<System.ComponentModel.DataAnnotations.ValidationException>());
    }

    [Test]
    public void Load_DamagedFile_SaysSo()
    {
        Assert.That(() => TeacherViews.Load(Folder.Path("none.zip")), Throws.TypeOf<FileNotFoundException>());
        Views.Value.Save(Folder.Path("whole.zip"));
        var whole = File.ReadAllBytes(Folder.Path("whole.zip"));
        Check(whole[..(whole.Length / 2)], "it");
        Check([1, 2, 3], "it");
        foreach (var (entry, content) in new (string, string)[]
        {
            ("views.json", "null"), ("views.json", """{"teachers": null}"""), ("views.json", "{}"), ("scores.bin", "1234"),
            ("faces.bin", ""),
        })
        {
            File.WriteAllBytes(Folder.Path("changed.zip"), whole);
            using (var zip = ZipFile.Open(Folder.Path("changed.zip"), ZipArchiveMode.Update))
            {
                zip.GetEntry(entry)!.Delete();
                using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
                writer.Write(content);
            }
            Check(File.ReadAllBytes(Folder.Path("changed.zip")), entry);
        }

        void Check(byte[] content, string what)
        {
            File.WriteAllBytes(Folder.Path("damaged.zip"), content);
            Assert.That(() => TeacherViews.Load(Folder.Path("damaged.zip")),
                Throws.TypeOf<TrainingException>().With.Message.StartsWith(Folder.Path("damaged.zip")), what);
        }
    }

    private static float[] Targets(EmotionTrainerOptions options) =>
        [.. new DataLoader(Read(options), options).Epoch(1).SelectMany(batch => batch.Targets[..(batch.Count * 7)])];

    private static TrainingSet Read(EmotionTrainerOptions options, FerDataset? faces = null) =>
        TrainingSet.Read(TrainingData.View(new MLContext(1), faces ?? Faces), [.. EmotionTask.Seven.Labels], options);
}
