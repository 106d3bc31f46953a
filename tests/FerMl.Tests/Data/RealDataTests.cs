namespace FerMl.Tests;

/// <summary>Known facts about FER2013, checked if the file exists.</summary>
public class RealDataTests
{
    [Test]
    public void Fer2013_HasItsKnownCountsAndDuplicates()
    {
        var dataset = FerDataset.Load(Repository.Data("fer2013.zip"));
        Assert.That(EmotionTask.Seven.Emotions.Select(emotion => dataset.CountOf(Usage.Training, emotion)),
            Is.EqualTo(new[] { 3995, 436, 4097, 7215, 4830, 3171, 4965 }));
        Assert.That(EmotionTask.Seven.Emotions.Sum(emotion => dataset.CountOf(Usage.PublicTest, emotion)), Is.EqualTo(3589));
        Assert.That(dataset[0].Pixels[..4].ToArray(), Is.EqualTo(new[] { 70, 80, 82, 72 }));
        Assert.That(DuplicateAudit.Of(dataset).Across(Usage.PublicTest, Usage.Training).Faces, Is.EqualTo(280));
    }

    [Test]
    public void FerPlus_MajoritiesHaveTheirKnownCounts()
    {
        var dataset = FerDataset.Load(Repository.Data("fer2013.zip"), new FerLoadOptions
        {
            VotesPath = Repository.Data("fer2013new.csv"),
            Annotation = Annotation.FerPlus,
        });
        Assert.That(EmotionTask.Eight.Emotions.Select(emotion => dataset.CountOf(Usage.Training, emotion)),
            Is.EqualTo(new[] { 2100, 119, 532, 7287, 3014, 3149, 8740, 119 }));
        Assert.That(EmotionTask.Eight.Emotions.Select(emotion => dataset.CountOf(Usage.PublicTest, emotion)),
            Is.EqualTo(new[] { 287, 24, 62, 865, 351, 415, 1182, 13 }));
    }

    [Test]
    public void FerPlus_AttachesToFer2013()
    {
        var dataset = FerDataset.Load(Repository.Data("fer2013.zip"), new FerLoadOptions { VotesPath = Repository.Data("fer2013new.csv") });
        Assert.That(dataset[0].Votes, Is.EqualTo(new EmotionVotes(4, 0, 0, 1, 3, 2, 0, 0, 0, 0)));
        var agreeing = dataset.Samples.Count(
            face => Enum.GetValues<Emotion>().MaxBy(emotion => face.Votes!.Value[emotion]) == face.Emotion);
        Assert.That((double)agreeing / dataset.Count, Is.EqualTo(0.63).Within(0.04), "the two labellings agree on 63 % of the images");
    }
}
