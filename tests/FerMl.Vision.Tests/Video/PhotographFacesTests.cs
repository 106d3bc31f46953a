using FerMl.Tests;

namespace FerMl.Vision.Tests;

public class PhotographFacesTests : VisionTests
{
    [Test]
    public void Find_InARealPhotograph_NamesAndDrawsItsOneFace()
    {
        using var predictor = EmotionPredictor.LoadDefault(ShippedModel.SevenFast);
        using var photographs = new PhotographFaces(null, predictor);
        var (photograph, drawing) = (Repository.Data("astronaut.png"), Folder.Path("drawn.png"));
        var face = photographs.Find(photograph, drawing).Single();
        // She smiles broadly.
        Assert.That((face.Id, face.Prediction.Label), Is.EqualTo((1, "happy")));
        using var before = Photograph.Read(photograph);
        using var after = Photograph.Read(drawing);
        Assert.That(after.Size(), Is.EqualTo(before.Size()));
        var colour = FaceOverlay.ColourOf("happy");
        Assert.That(after.At<OpenCvSharp.Vec3b>(face.Box.Y + face.Box.Height / 2, face.Box.X).Item0, Is.EqualTo((byte)colour.Val0));
        Assert.That(() => photographs.Find(photograph, drawing), Throws.TypeOf<IOException>().With.Message.Contains("is there already"));
    }
}
