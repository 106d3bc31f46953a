using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FerMl.Training;

/// <summary>Computes a network's logits in float32, as the model file does. It leaves the network in evaluation mode and float32.</summary>
internal static class NetworkScores
{
    private const int BatchSize = 64;

    /// <returns>The logits, [faces * classes].</returns>
    public static float[] Logits(
        FaceNetwork network, TrainingSet set, int[] faces, AugmentedView view, Device device, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        network.eval();
        network.ComputeType = ScalarType.Float32;
        var logits = new float[faces.Length * set.Classes];
        var pixels = new float[BatchSize * FaceResampler.PixelCount];
        for (var first = 0; first < faces.Length; first += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, faces.Length - first);
            for (var i = 0; i < count; i++)
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(
                    set.PixelsOf(faces[first + i]), pixels.AsSpan(i * FaceResampler.PixelCount, FaceResampler.PixelCount));
            var batch = tensor(pixels.AsMemory(0, count * FaceResampler.PixelCount), [count, 1, FaceResampler.Side, FaceResampler.Side],
                device: device);
            network.forward(Apply(batch, view)).cpu().contiguous().data<float>()
            .CopyTo(logits.AsSpan(first * set.Classes, count * set.Classes));
        }
        return logits;
    }

    /// <summary>Converts faces [batch, 1, 48, 48] to a view, [batch, 1, side, side].</summary>
    public static Tensor Apply(Tensor faces, AugmentedView view)
    {
        if (view == AugmentedView.Center(FaceResampler.Side))
            return faces;
        var margin = view.Margin;
        if (margin > 0)
            faces = functional.pad(faces, [margin, margin, margin, margin], PaddingModes.Replicate);
        var (left, top) = view.Corner(margin);
        faces = faces.narrow(2, top, view.Part).narrow(3, left, view.Part);
        if (view.Part != view.Side)
            faces = functional.interpolate(faces, [view.Side, view.Side], mode: InterpolationMode.Bilinear, align_corners: false);
        return (view.IsMirrored ? faces.flip(3) : faces).contiguous();
    }
}
