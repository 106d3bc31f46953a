using System.Text.Json;
using OpenCvSharp;

namespace FerMl.Vision.Tests;

public class FaceJsonTests
{
    [Test]
    public void Faces_AreWrittenAsTheServiceAnswers_AndReadBack()
    {
        var result = new FaceResult(3, new Rect(1, 2, 30, 40), new EmotionPrediction(["happy", "sad"], [0.75f, 0.25f]))
        {
            Score = 0.5f,
            Roll = -4,
        };
        var json = JsonSerializer.Serialize(result);
        Assert.That(json, Is.EqualTo("{\"id\":3,\"box\":[1,2,30,40],\"faceScore\":0.5,\"roll\":-4,\"label\":\"happy\",\"confidence\":0.75,"
            + "\"scores\":{\"happy\":0.75,\"sad\":0.25}}"));
        var read = JsonSerializer.Deserialize<FaceResult>(json)!;
        Assert.That((read.Id, read.Box, read.Score, read.Roll, read.Prediction.Label),
            Is.EqualTo((result.Id, result.Box, result.Score, result.Roll, "happy")));
        var found = new FoundFace(result.Box, result.Score, result.Roll);
        Assert.That(JsonSerializer.Deserialize<FoundFace>(JsonSerializer.Serialize(found)), Is.EqualTo(found));
        Assert.That($"{result}", Is.EqualTo("face 3: happy 75 %, 30x40 at (1, 2)"));
        Assert.That($"{found}", Is.EqualTo("30x40 at (1, 2), score 50 %"));
    }

    [TestCase("[]")]
    [TestCase("{\"box\":[1,2,3]}")]
    [TestCase("{\"box\":[1,2,3,4,5,6]}")]
    public void OtherJson_IsAJsonException(string json) =>
        Assert.That(() => JsonSerializer.Deserialize<FoundFace>(json), Throws.TypeOf<JsonException>());

    [Test]
    public void OpenCv_ThatCantBeLoaded_NamesThePackageOrWhatTheSystemLacks()
    {
        const string first = "Unable to load shared library 'OpenCvSharpExtern' or one of its dependencies.";
        Assert.That(OpenCv.Explain(
            $"{first}\n/app/OpenCvSharpExtern.so: cannot open shared object file: No such file or directory"),
            Does.Contain("is a separate package").And.Contain("OpenCvSharp4").And.Not.Contain("GTK"));
        Assert.That(OpenCv.Explain(
            $"{first}\nlibgtk-3.so.0: cannot open shared object file: No such file or directory\n/app/OpenCvSharpExtern.so: cannot open "
                + $"shared object file: No such file or directory"), Does.Contain("lacks libgtk-3.so.0").And.Contain("libgtk-3-0"));
    }
}
