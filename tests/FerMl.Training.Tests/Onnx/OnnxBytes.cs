namespace FerMl.Training.Tests;

/// <summary>Operations on serialized networks.</summary>
internal static class OnnxBytes
{
    public static byte[] Quantize(ReadOnlyMemory<byte> onnx, IReadOnlyList<byte[]> faces) =>
        ModelQuantizer.Quantize(ClassifierGraph.Parse(onnx), faces).ToByteArray();

    public static byte[] ChangeViews(ReadOnlyMemory<byte> onnx, TestTimeAugmentation views) =>
        FerMl.Training.Onnx.OnnxViews.Change(ClassifierGraph.Parse(onnx), views).ToByteArray();

    public static (byte[] Onnx, ModelCalibration Calibration) Calibrate(
        ReadOnlyMemory<byte> onnx, string[] labels, byte[][] faces, int[] truth)
    {
        var (graph, calibration) = ModelCalibrator.Calibrate(ClassifierGraph.Parse(onnx), labels, faces, truth);
        return (graph.ToByteArray(), calibration);
    }
}
