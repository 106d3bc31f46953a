namespace FerMl.Tests;

public class FerPlusTests : FolderTests
{
    private const string Header = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF";

    [Test]
    public void WithVotes_AttachesByRow_EvenWhereRowsWereLeftOut()
    {
        var csv = Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(9), FerCsv.Row(2, "PublicTest")));
        var votes = Votes("Training,a.png,1,2,3,4,5,6,7,8,9,10", "Training,,0,0,0,0,0,0,0,0,0,10", "PublicTest,c.png,0,0,0,0,0,0,8,1,1,0");
        var dataset = FerDataset.Load(csv, new FerLoadOptions { SkipBadRows = true, VotesPath = votes });
        Assert.That(dataset.HasVotes, Is.True);
        Assert.That(dataset[0].Votes, Is.EqualTo(new EmotionVotes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
        Assert.That(dataset[1].Votes!.Value[Emotion.Fear], Is.EqualTo(8));
        Assert.That(dataset.FilterByTask(EmotionTask.Of(Emotion.Fear, Emotion.Happy))[0].Votes!.Value.Contempt, Is.EqualTo(1));
    }

    [Test]
    public void WithVotes_TooFewRows_SaysHowMany()
    {
        var dataset = FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1), FerCsv.Row(2))));
        Assert.That(() => dataset.WithVotes(Votes("Training,a.png,1,2,3,4,5,6,7,8,9,10")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("has 1 row, but the data needs row 2"));
    }

    [Test]
    public void WithVotes_OtherUsage_SaysThatTheFilesDontBelongTogether()
    {
        var dataset = FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1))));
        Assert.That(() => dataset.WithVotes(Votes("PublicTest,a.png,1,2,3,4,5,6,7,8,9,10")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("line 2: usage is PublicTest, but Training in fer2013.csv"));
    }

    [Test]
    public void WithVotes_FacesFromImages_TakeTheVotesOfTheirNames()
    {
        Folder.Write("faces/train/happy/fer0000007.png", TestImages.Encode(48, 48));
        var dataset = FerDataset.Load(Folder.Path("faces"));
        Assert.That(dataset.WithVotes(Votes("Training,,0,0,0,0,0,0,0,0,0,10", "Training,fer0000007.png,1,2,3,4,5,6,7,8,9,10"))[0].Votes,
            Is.EqualTo(new EmotionVotes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
        Assert.That(() => dataset.WithVotes(Votes()),
            Throws.TypeOf<FerDataException>().With.Message.Contains("no row for image fer0000007.png of faces"));
    }

    [TestCase("Training,a.png,x,2,3,4,5,6,7,8,9,10", "line 2, column neutral: 'x'; expected a number of votes from 0 to 255")]
    [TestCase("Trains,a.png,1,2,3,4,5,6,7,8,9,10", "line 2, column Usage: 'Trains'; expected Training")]
    [TestCase("Training,a.png,1,2", "line 2: 4 fields; expected 12")]
    public void WithVotes_BadRow_NamesIt(string row, string expected)
    {
        var dataset = FerDataset.Load(Folder.Write("fer2013.csv", FerCsv.Text(FerCsv.Row(1))));
        Assert.That(() => dataset.WithVotes(Votes(row)), Throws.TypeOf<FerDataException>().With.Message.Contains(expected));
    }

    [Test]
    public void WithVotes_NoFile_IsAnError() => Assert.That(
        () => SyntheticFaces.Create(70).WithVotes(Folder.Path("absent.csv")),
        Throws.TypeOf<FerDataException>().With.Message.Contains("can't be read"));

    private string Votes(params string[] rows) => Folder.Write("fer2013new.csv", string.Join('\n', rows.Prepend(Header)) + "\n");
}
