using FerMl.Tests;

namespace FerMl.Vision.Tests;

public class PhotoReaderTests : VisionTests
{
    [Test]
    public void Read_ARealPhoto_NamesAndDrawsItsOneFace()
    {
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        using var photos = new PhotoReader(predictor);
        var (photo, drawing) = (Repository.Data("astronaut.png"), Folder.Path("drawn.png"));
        var face = photos.Read(photo, drawing).Single();
        // She smiles broadly.
        Assert.That((face.Id, face.Prediction.Label), Is.EqualTo((1, "happy")));
        using var before = Photo.Read(photo);
        using var after = Photo.Read(drawing);
        Assert.That(after.Size(), Is.EqualTo(before.Size()));
        var color = FaceOverlay.ColorOf("happy");
        Assert.That(after.At<OpenCvSharp.Vec3b>(face.Box.Y + face.Box.Height / 2, face.Box.X).Item0, Is.EqualTo((byte)color.Val0));
        Assert.That(() => photos.Read(photo, drawing), Throws.TypeOf<IOException>().With.Message.Contains("already exists"));
    }
}
