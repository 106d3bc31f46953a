using System.IO.Compression;

namespace FerMl.Tests;

public class VoteLabelTests : FolderTests
{
    private const string Header = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF";

    // neutral, happy, surprise, sad, anger, disgust, fear, contempt, unknown, no face
    [TestCase("6 0 0 4 0 0 0 0 0 0", Emotion.Neutral)]
    [TestCase("5 0 0 5 0 0 0 0 0 0", null, Description = "half isn't more than half")]
    [TestCase("5 1 1 1 1 1 0 0 0 0", Emotion.Neutral, Description = "single votes don't count")]
    [TestCase("3 2 2 2 1 0 0 0 0 0", null)]
    [TestCase("1 1 1 1 1 1 1 1 1 1", null, Description = "nothing is left")]
    [TestCase("0 0 0 0 0 0 0 6 0 4", Emotion.Contempt)]
    [TestCase("4 0 0 0 0 0 0 0 6 0", null, Description = "unknown is no emotion")]
    [TestCase("0 4 0 0 0 0 0 0 0 6", null, Description = "no face is no emotion")]
    [TestCase("0 0 0 0 0 0 0 0 0 0", null)]
    [TestCase("0 4 0 0 0 0 0 0 2 2", null, Description = "what isn't an emotion counts among all")]
    public void Majority_FollowsTheRuleThatComesWithFerPlus(string votes, Emotion? expected) =>
        Assert.That(Of(votes).Majority, Is.EqualTo(expected));

    [Test]
    public void LabeledByVotes_LeavesOutFacesWithoutMajority_AndSaysWhy()
    {
        var faces = Table(
            "6 0 0 4 0 0 0 0 0 0", "5 0 0 5 0 0 0 0 0 0", "4 3 3 0 0 0 0 0 0 0", "2 0 0 0 0 0 0 0 8 0", "0 0 0 0 0 0 0 0 0 10",
            "0 0 0 0 0 0 0 9 1 0").LabeledByVotes();
        Assert.That(faces.Samples.Select(face => face.Emotion), Is.EqualTo([Emotion.Neutral, Emotion.Contempt]));
        Assert.That(faces.Annotation, Is.EqualTo(Annotation.FerPlus));
        Assert.That(faces.Remarks[^1], Is.EqualTo(
            "Labels are the majority of FER+ votes. Faces left out: 4 (1 without a majority, 1 more with a tie, 1 unknown, 1 that show no "
                + "face)."));
        Assert.That(faces[0].OwnEmotion, Is.EqualTo(Emotion.Happy), "the data set's own label is kept");
        Assert.That(faces.LabeledByVotes(), Is.SameAs(faces));
        Assert.That(faces.Where(face => face.Emotion == Emotion.Contempt).Annotation, Is.EqualTo(Annotation.FerPlus));
    }

    [Test]
    public void LabeledByVotes_KeepsFacesOfTrainingWithoutMajority_WhereAsked()
    {
        var faces = Table(["Training", "PublicTest", "Training", "Training"],
            "4 0 3 3 0 0 0 0 0 0", "4 0 3 3 0 0 0 0 0 0", "1 1 0 0 0 0 0 0 8 0", "1 1 1 1 1 1 1 1 1 1")
            .LabeledByVotes(keepWithoutMajority: true).Samples.ToArray();
        Assert.That(faces.Select(face => (face.Emotion, face.Usage)), Is.EqualTo([(Emotion.Neutral, Usage.Training)]));
    }

    [Test]
    public void Load_WithAnnotation_LabelsByVotes_AndNeedsThem()
    {
        var csv = Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(3)));
        var votes = Votes("Training,fer0000000.png,0,0,0,9,0,0,0,1,0,0");
        var options = new FerLoadOptions { Annotation = Annotation.FerPlus, VotesPath = votes };
        Assert.That(FerDataset.Load(csv, options)[0].Emotion, Is.EqualTo(Emotion.Sad));
        Assert.That(FerDataset.Load(csv, options with { Annotation = Annotation.Fer2013 })[0].Emotion, Is.EqualTo(Emotion.Happy));
        Assert.That(() => FerDataset.Load(csv, options with { VotesPath = null }),
            Throws.TypeOf<FerDataException>().With.Message.Contains("has no FER+ votes to label its faces by; give fer2013new.csv"));
        Assert.That(() => FerDataset.Load(csv, new FerLoadOptions { KeepWithoutMajority = true }),
            Throws.TypeOf<System.ComponentModel.DataAnnotations.ValidationException>()
                .With.Message.Contains("add FerLoadOptions.Annotation = FerPlus"));
    }

    [Test]
    public void Load_FerPlusFolders_HaveVotesForLabels([Values] bool isZip)
    {
        foreach (var (folder, votes) in ((string, string)[])[
            ("FER2013Train", "0,9,0,0,0,0,0,1,0,0"), ("FER2013Valid", "8,0,0,0,0,0,0,2,0,0"), ("FER2013Test", "0,0,0,0,0,0,0,10,0,0")])
        {
            Folder.Write($"plus/{folder}/fer0000000.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
            Folder.Write($"plus/{folder}/label.csv", $"fer0000000.png,\"(0, 0, 48, 48)\",{votes}\n");
        }
        var path = Folder.Path("plus");
        if (isZip)
            ZipFile.CreateFromDirectory(Folder.Path("plus"), path = Folder.Path("plus.zip"));
        var faces = FerDataset.Load(path, new FerLoadOptions { Annotation = Annotation.FerPlus });
        Assert.That(faces.Samples.Select(face => (face.Usage, face.Emotion)).Order(), Is.EqualTo([
            (Usage.Training, Emotion.Happy), (Usage.PublicTest, Emotion.Neutral), (Usage.PrivateTest, Emotion.Contempt)]));
        Assert.That(faces[0].OwnEmotion, Is.Null);
        Assert.That(() => FerDataset.Load(path),
            Throws.TypeOf<FerDataException>()
                .With.Message.Contains("they have no other labels; load it with FerLoadOptions.Annotation = FerPlus"));
    }

    [Test]
    public void Load_FerPlusFolder_NamesWhatIsWrong()
    {
        Folder.Write("plus/FER2013Train/fer0000000.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        Folder.Write("plus/FER2013Train/label.csv", "fer0000009.png,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,1,0,0\n");
        var options = new FerLoadOptions { Annotation = Annotation.FerPlus };
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "FER2013Train/fer0000000.png: isn't named in label.csv, which labels these images"));
        Folder.Write("plus/FER2013Train/label.csv", "fer0000000.png,\"(0, 0, 48, 48)\",0,9,x,0,0,0,0,1,0,0\n");
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "line 1, column 5: 'x'; expected a number of votes from 0 to 255"));
        Folder.Write("plus/FER2013Train/label.csv", "fer0000000.png,0,9\n");
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "is in folder 'FER2013Train'"), "no table of FER+'s, so the folders have to name the emotions");
        const string row = "fer0000000.png,\"(0, 0, 48, 48)\",0,9,0,0,0,0,0,1,0,0\n";
        Folder.Write("plus/FER2013Train/label.csv", row + row);
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "line 2: fer0000000.png has a row already"));
        Folder.Write("plus/FER2013Train/label.csv", row + "fer0000001.png,0,9\n");
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "line 2: 3 fields; expected an image, its box and ten counts"));
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options with { VotesPath = "other.csv" }),
            Throws.TypeOf<FerDataException>().With.Message.Contains("has the votes of the images next to it; leave out other.csv"));
        Assert.That(() => FerDataset.Load(Folder.Path("plus"), options with { MaxBytes = 10 }),
            Throws.TypeOf<FerDataException>().With.Message.Contains("MaxBytes"));
    }

    [Test]
    public void Load_AnotherFileOfThatName_LabelsNothing()
    {
        Folder.Write("faces/train/happy/1.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        Folder.Write("faces/train/happy/label.csv", "name,age\n1.png,30\n");
        var faces = FerDataset.Load(Folder.Path("faces"));
        Assert.That(faces[0].Emotion, Is.EqualTo(Emotion.Happy));
        Assert.That(faces.Remarks.Single(), Does.Contain("1 .csv"), "a remark says that it is left out");
    }

    [Test]
    public void Load_ImagesInEmotionFolders_KeepTheirOwnLabelBesideTheVotes()
    {
        Folder.Write("faces/train/happy/fer0000000.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        var votes = Votes("Training,fer0000000.png,0,0,0,9,0,0,0,1,0,0");
        var faces = FerDataset.Load(
            Folder.Path("faces"), new FerLoadOptions { Annotation = Annotation.FerPlus, VotesPath = votes });
        Assert.That((faces[0].Emotion, faces[0].OwnEmotion), Is.EqualTo((Emotion.Sad, Emotion.Happy)));
        Assert.That(() => faces.WithVotes(votes), Throws.TypeOf<FerDataException>().With.Message.Contains("come from FER+ votes already"));
    }

    [Test]
    public void Load_ImagesBesideTheVotes_AreLabeledByTheColumnThatNamesThem()
    {
        // Rows without a face have no image, and aren't counted in the image numbers.
        Folder.Write("images/fer2013new.csv", string.Join('\n', Header, "Training,,0,0,0,0,0,0,0,0,0,10",
            "PublicTest,fer0000000.png,0,0,8,0,0,0,0,2,0,0", "Training,fer0000001.png,0,10,0,0,0,0,0,0,0,0") + "\n");
        Folder.Write("images/all/fer0000000.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        var faces = FerDataset.Load(Folder.Path("images"), new FerLoadOptions { Annotation = Annotation.FerPlus });
        Assert.That(faces.Samples.Select(face => (face.Usage, face.Emotion)), Is.EqualTo([(Usage.PublicTest, Emotion.Surprise)]));
        Assert.That(faces.Remarks, Has.Member("Rows of fer2013new.csv without an image: 1."));
    }

    private static EmotionVotes Of(string votes)
    {
        byte[] v = [.. votes.Split(' ').Select(byte.Parse)];
        return new EmotionVotes(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
    }

    private FerDataset Table(params string[] votes) => Table([.. votes.Select(_ => "Training")], votes);

    private FerDataset Table(string[] usages, params string[] votes) => FerDataset
        .Load(Folder.Write("fer2013.csv", FerCsv.Text([.. usages.Select(usage => FerCsv.Row(3, usage))])))
        .WithVotes(Votes([.. votes.Zip(usages, (vote, usage) => $"{usage},fer.png,{vote.Replace(' ', ',')}")]));

    private string Votes(params string[] rows) => Folder.Write("fer2013new.csv", string.Join('\n', rows.Prepend(Header)) + "\n");
}
