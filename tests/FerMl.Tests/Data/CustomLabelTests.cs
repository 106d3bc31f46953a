using System.ComponentModel.DataAnnotations;

namespace FerMl.Tests;

/// <summary>Labels that aren't emotions.</summary>
public class CustomLabelTests : FolderTests
{
    private static readonly FerLoadOptions Custom = new() { CustomLabels = true };
    private static readonly FerDataset Drawn = SyntheticFaces.Create(70);

    [Test]
    public void Load_TakesFoldersNamesAsLabels_WhateverTheirCase_AndKnowsEmotionsByTheirUsualSpellings()
    {
        Write("train/none/1", "train/Glasses/2", "train/angry/3", "test/glasses/4", "test/NONE/5");
        var faces = FerDataset.Load(Folder.Root, Custom);
        Assert.That(faces.Labels, Has.Count.EqualTo(3).And.Contains("anger").And.Contains("none").IgnoreCase);
        Assert.That(faces.HasCustomLabels, Is.True);
        var glasses = faces.Labels.Single(label => label.Equals("glasses", StringComparison.OrdinalIgnoreCase));
        Assert.That((faces.CountOf(Usage.Training, glasses), faces.CountOf(Usage.PrivateTest, glasses)), Is.EqualTo((1, 1)));
        Assert.That(faces.Samples.Count(face => face.Label == glasses), Is.EqualTo(2));
        Assert.That(() => faces[0].Emotion, Throws.InvalidOperationException.With.Message.Contains("aren't emotions"));
        Assert.That(() => faces.CountOf(Usage.Training, Emotion.Anger), Throws.InvalidOperationException);
        Assert.That(faces.ToHtml(), Does.Contain("anger"));
        Assert.That(faces[0].ToHtml(), Does.Contain(faces[0].Label));
    }

    [Test]
    public void Load_TakesTheLabelsOfATable()
    {
        var path = Folder.Write("faces.csv", "emotion,pixels,Usage\n" + string.Concat(new[] { "bored", "confused", "bored" }.Select(
            (label, i) => $"{label},{string.Join(' ', Drawn[i].Pixels.ToArray())},Training\n")));
        var faces = FerDataset.Load(path, Custom);
        Assert.That(faces.Samples.Select(face => face.Label), Is.EqualTo(new[] { "bored", "confused", "bored" }));
        Assert.That(() => FerDataset.Load(path), Throws.TypeOf<FerDataException>().With.Message.Contains("FerLoadOptions.CustomLabels"));
        Assert.That(FerDataset.Load(path, Custom with { IgnoredLabels = ["confused"] }).Count, Is.EqualTo(2));
    }

    [Test]
    public void Load_RefusesWhatIsNoLabel_AndTooManyLabels()
    {
        Write("a,b/1", "c/2");
        Assert.That(() => FerDataset.Load(Folder.Root, Custom), Throws.TypeOf<FerDataException>().With.Message.Contains("a,b"));
        Assert.That(() => FerDataset.CreateLabeled("faces", Enumerable.Range(0, 201).Select(
            i => (Drawn[0].Pixels.ToArray(), $"label {i}", Usage.Training))), Throws.TypeOf<FerDataException>()
                .With.Message.Contains("200"));
        Assert.That(() => FerDataset.CreateLabeled("faces", [(Drawn[0].Pixels.ToArray(), " ", Usage.Training)]), Throws.ArgumentException);
        Assert.That(() => FerDataset.Load(Folder.Root, Custom with { Annotation = Annotation.FerPlus }),
            Throws.TypeOf<ValidationException>());
    }

    [Test]
    public void ALabelsName_CountsInTheFingerprint()
    {
        Assert.That(Of("a", "b").Fingerprint, Is.Not.EqualTo(Of("a", "c").Fingerprint).And.EqualTo(Of("a", "b").Fingerprint));

        static FerDataset Of(params string[] labels) => FerDataset.CreateLabeled(
            "faces", labels.Select((label, i) => (Drawn[i].Pixels.ToArray(), label, Usage.Training)));
    }

    [Test]
    public void EmotionTask_OfLabels_IsTheUsualTaskWhereTheyAreEmotions()
    {
        Assert.That(EmotionTask.OfLabels("sad", "happy", "neutral"), Is.EqualTo(EmotionTask.Three));
        var custom = EmotionTask.OfLabels("open", "shut");
        Assert.That((custom.Name, custom.Emotions.Length, custom.Contains("open"), custom.Contains(Emotion.Happy)),
            Is.EqualTo(("open,shut", 0, true, false)));
        Assert.That(custom, Is.EqualTo(EmotionTask.OfLabels("open", "shut")).And.Not.EqualTo(EmotionTask.OfLabels("shut", "open")));
        Assert.That(() => EmotionTask.OfLabels("open"), Throws.ArgumentException);
        Assert.That(() => EmotionTask.OfLabels("open", "OPEN"), Throws.ArgumentException);
        Assert.That(() => EmotionTask.OfLabels("open", ""), Throws.ArgumentException);
    }

    [Test]
    public void FilteredAndLimited_TheLabelsStay()
    {
        var faces = FerDataset.CreateLabeled("faces", Drawn.Samples.Select(
            (face, i) => (face.Pixels.ToArray(), i % 2 == 0 ? "even" : "odd", Usage.Training)));
        Assert.That(faces.Limit(10).Samples.Select(face => face.Label).Distinct(), Is.EquivalentTo(new[] { "even", "odd" }));
        Assert.That(faces.FilterByTask(EmotionTask.OfLabels("odd", "other")).Samples.Select(face => face.Label), Is.All.EqualTo("odd"));
        Assert.That(DuplicateAudit.Of(faces).Groups, Is.Empty);
    }

    private void Write(params string[] names)
    {
        foreach (var (i, name) in names.Index())
            Folder.Write($"{name}.png", FaceFiles.Png(Drawn[i].Pixels));
    }
}
