using FerMl.Tests;

namespace FerMl.Cli.Tests;

public class ScoreViewsTests : FolderTests
{
    [Test, Category("Slow")]
    public async Task ScoreViews_ThenTrain_LearnsFromThem()
    {
        var data = Folder.Write("fer2013.csv", FaceFiles.Csv(SyntheticFaces.Create(120)));
        var views = Folder.Path("views.zip");
        string[] score = ["score-views", "--data", data, "--model", "fer7-fast", "--preset", "fast", "--views", "2", "--out", views];
        var (exitCode, output, error) = await Ferml.RunAsync(score);
        Assert.That((exitCode, output.Trim()), Is.EqualTo((0, views)), error);
        (exitCode, _, error) = await Ferml.RunAsync(score);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("is there already"));

        string[] train = ["train", "--data", data, "--preset", "fast", "--epochs", "1", "--teacher-views", views];
        (exitCode, _, error) = await Ferml.RunAsync([.. train, "--out", Folder.Path("run")]);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(EmotionModel.Load(Path.Combine(Folder.Path("run"), "model.zip")).Card!.Teachers, Is.EqualTo(new[] { "fer7-fast" }));
        (exitCode, _, error) = await Ferml.RunAsync([.. train, "--erasing", "0.5", "--out", Folder.Path("other")]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("erasing was 0 and is 0.5"));
        (exitCode, _, error) = await Ferml.RunAsync([.. train, "--teacher", "fer7-fast", "--out", Folder.Path("both")]);
        Assert.That(exitCode, Is.Not.Zero);
    }
}
