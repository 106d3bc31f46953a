using FerMl.Onnx;
using FerMl.Training;
using FerMl.Vision;

namespace FerMl.Detection.Tests;

public class DetectorQuantizerTests : DetectionTests
{
    [Test]
    public void Quantize_TheShippedDetector_AnswersNearlyTheSame()
    {
        var trained = DetectorFile.Open(null).File.Trained;
        var (backgrounds, heldOut) = Backgrounds.Load(BackgroundFolder());
        using var first = backgrounds;
        using var second = heldOut;
        var int8 = DetectorQuantizer.Quantize(trained.Proposals, trained.Verification!, Faces, backgrounds, seed: 5);

        var (scene, random) = (new Scene(), new RandomStream(6, RandomPurpose.Scene, 0, 0));
        new SceneComposer(Faces, backgrounds).Compose(scene, ref random, null);
        float[] pixels = [.. scene.Pixels.Select(pixel => (float)pixel)];
        AreNear(trained.Proposals, int8.Proposals, pixels, [1, 1, Scene.Side, Scene.Side], FaceGrid.Values * Scene.Places);
        float[] faces = [.. Faces.Take(16).SelectMany(face => face, (_, pixel) => (float)pixel)];
        AreNear(trained.Verification!, int8.Verification!, faces, [16, 1, FaceResampler.Side, FaceResampler.Side], 16);
    }

    /// <summary>The proposal network's last layer gives scores, sizes and angles, which no common scale fits.</summary>
    [Test]
    public void TheShippedDetector_ComputesInInt8_ExceptItsLastLayers()
    {
        var file = DetectorFile.Open(null).File;
        Assert.That(file.Inference, Is.SameAs(file.Int8));
        foreach (var (onnx, floats) in new[] { (file.Int8!.Proposals, 3), (file.Int8.Verification!, 0) })
        {
            var graph = OnnxFile.Parse(onnx).Graph;
            var dequantized = graph.Node.Where(node => node.OpType == "DequantizeLinear").Select(node => node.Output[0]).ToHashSet();
            var convolutions = graph.Node.Where(node => node.OpType == "Conv").ToArray();
            Assert.That(convolutions, Has.Length.GreaterThan(floats));
            Assert.That(convolutions.Count(node => !dequantized.Contains(node.Input[1])), Is.EqualTo(floats), "float32 weights");
        }
    }

    private static void AreNear(byte[] trained, byte[] int8, float[] pixels, long[] shape, int length)
    {
        var (expected, found) = (Run(trained), Run(int8));
        Assert.That(expected.Zip(found, (one, other) => Math.Abs(one - other)).Average(), Is.LessThan(0.3));
        Assert.That(found, Is.Not.EqualTo(expected));

        float[] Run(byte[] onnx)
        {
            using var session = FaceSession.Open(onnx, "test");
            float[] answers = [];
            session.Run(pixels, shape, length, values => answers = values.ToArray());
            return answers;
        }
    }
}
