using FerMl.Vision;

namespace FerMl.Service.Tests;

public sealed class ServiceCoreTests : ServiceTests
{
    [TestCase(null, false, "photo")]
    [TestCase(null, true, "live")]
    [TestCase("live", false, "live")]
    [TestCase("photo", true, "photo")]
    public void ModelOf_EitherOfTheServicesOwn_GivesTheOneOfThatName(string? name, bool isLive, string expected)
    {
        using var core = Core();
        Assert.That(core.ModelOf(name, isLive).Name, Is.EqualTo(expected));
    }

    [Test]
    public void NewLiveReader_OfAModelThatIsAskedFor_ReadsWithThat()
    {
        using var core = Core();
        using var reader = core.NewLiveReader(core.ModelOf("fer7-fast", isLive: true));
        var (image, _) = new MovingFaces([Faces[0]]).Draw(0);
        using var frame = new Frame(image, 0, TimeSpan.Zero, "frame", 0);
        Assert.That(reader.ReadPhoto(frame).Faces.Single().Prediction.Scores, Has.Length.EqualTo(7));
        Assert.That(Model.Labels, Has.Count.EqualTo(8));
    }

    private static ServiceCore Core() => new(new ServiceOptions(), new ServiceModels(
        Model, "photo", Model, "live", () => new CnnFaceDetector(), () => new CnnFaceDetector(CnnDetectorOptions.ForVideo)));
}
