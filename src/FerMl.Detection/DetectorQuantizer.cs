using FerMl.Onnx;
using FerMl.Training;
using FerMl.Training.Onnx;
using FerMl.Vision;
using Google.Protobuf;

namespace FerMl.Detection;

/// <summary>
/// Quantizes a detector's networks to int8, which takes half the time on processors with VNNI instructions. The ranges of their activations
/// are measured on scenes.
/// </summary>
internal static class DetectorQuantizer
{
    private const int Scenes = 256;

    /// <summary>Quantizes both networks.</summary>
    /// <param name="proposals">The network that proposes faces.</param>
    /// <param name="verification">The network that verifies them.</param>
    /// <param name="faces">Faces, 2,304 pixel values each.</param>
    /// <param name="backgrounds">Images without faces.</param>
    /// <param name="seed">Random seed of the scenes.</param>
    public static DetectorNetworks Quantize(
        byte[] proposals, byte[] verification, IReadOnlyList<byte[]> faces, Backgrounds backgrounds, int seed)
    {
        using var proposer = new FaceProposer(proposals, "the proposals");
        var (composer, cropping, scene, crops) =
            (new SceneComposer(faces, backgrounds), new ProposedCrops(proposer), new Scene(), new List<byte[]>());
        var quantized = Int8(proposals, Compose());
        return new DetectorNetworks(
            quantized, Int8(verification, crops.Chunk(OnnxProbe.BatchSize).Select(batch => PixelBatch.Of(batch))));

        // Also adds the scenes' crops.
        IEnumerable<PixelBatch> Compose()
        {
            for (var i = 0; i < Scenes; i++)
            {
                var random = new RandomStream(seed, RandomPurpose.Scene, 0, i);
                composer.Compose(scene, ref random, null);
                crops.AddRange(cropping.Of(scene, random).Select(crop => crop.Face));
                yield return new PixelBatch([.. scene.Pixels.Select(pixel => (float)pixel)], Scene.Side, Scene.Side);
            }
        }
    }

    private static byte[] Int8(byte[] onnx, IEnumerable<PixelBatch> batches) =>
        OnnxInt8.Quantize(OnnxFile.Parse(onnx), batches).ToByteArray();
}
