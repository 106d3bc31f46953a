namespace FerMl.Training;

/// <summary>Augments faces at random. The same seed, epoch and face number always give the same result.</summary>
/// <param name="options">The augmentation, or null to only resize the faces.</param>
/// <param name="seed">The training's seed.</param>
internal sealed class FaceAugmenter(AugmentationOptions? options, int seed)
{
    private const int Side = FaceResampler.Side;

    /// <summary>Renders one augmented face.</summary>
    /// <param name="face">The 2,304 pixel values.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="number">The face's index in its data, or another number that identifies this rendering.</param>
    /// <param name="side">Width and height of the output, in pixels.</param>
    /// <param name="output">Receives side * side pixel values 0..255.</param>
    public void Render(ReadOnlySpan<byte> face, int epoch, long number, int side, Span<float> output) =>
        Render(Occluded(face, epoch, number), new RandomStream(seed, RandomPurpose.Face, epoch, number), side, output);

    /// <summary>The face, or a copy with an occlusion. A separate random stream keeps the other augmentations unchanged.</summary>
    private ReadOnlySpan<byte> Occluded(ReadOnlySpan<byte> face, int epoch, long number)
    {
        if (options is null or { Occlusion: 0 })
            return face;
        var random = new RandomStream(seed, RandomPurpose.Occlusion, epoch, number);
        if (random.NextDouble() >= options.Occlusion)
            return face;
        var covered = face.ToArray();
        FaceOcclusion.Draw(covered, ref random);
        return covered;
    }

    private void Render(ReadOnlySpan<byte> face, RandomStream random, int side, Span<float> output)
    {
        if (options is null)
        {
            Warp(face, side, output, cos: 1, sin: 0, sign: 1, shiftX: 0, shiftY: 0);
            return;
        }
        var sign = random.NextDouble() < options.Flip ? -1.0 : 1.0;
        var angle = random.Between(-options.Rotation, options.Rotation) * Math.PI / 180;
        // The zoom is log-uniform, so that shrinking to 1/s is as likely as growing to s.
        var zoom = Math.Exp(random.Between(-1, 1) * Math.Log(1 + options.Scale));
        var (shiftX, shiftY) = (random.Between(-options.Shift, options.Shift), random.Between(-options.Shift, options.Shift));
        Warp(face, side, output, Math.Cos(angle) / zoom, Math.Sin(angle) / zoom, sign, shiftX, shiftY);
        ChangeLight(output, random.Between(-options.Brightness, options.Brightness), 1
            + random.Between(-options.Contrast, options.Contrast));
        if (random.NextDouble() < options.Erasing)
            Erase(output, side, ref random);
    }

    /// <summary>
    /// Samples the face bilinearly through a rotation and zoom about its center and a shift. Pixels beyond the border repeat the border.
    /// </summary>
    private static void Warp(
        ReadOnlySpan<byte> face, int side, Span<float> output, double cos, double sin, double sign, double shiftX, double shiftY)
    {
        var step = (double)Side / side;
        var (center, half) = ((Side - 1) / 2.0, (side - 1) / 2.0);
        for (var v = 0; v < side; v++)
        {
            var y = (v - half) * step;
            for (var u = 0; u < side; u++)
            {
                var x = (u - half) * step * sign;
                output[v * side + u] = Sample(
                    face, (float)(cos * x - sin * y + center + shiftX), (float)(sin * x + cos * y + center + shiftY));
            }
        }
    }

    private static float Sample(ReadOnlySpan<byte> face, float x, float y)
    {
        x = Math.Clamp(x, 0, Side - 1);
        y = Math.Clamp(y, 0, Side - 1);
        var (left, top) = (Math.Min((int)x, Side - 2), Math.Min((int)y, Side - 2));
        var (right, down) = (x - left, y - top);
        var at = top * Side + left;
        var above = face[at] + right * (face[at + 1] - face[at]);
        var below = face[at + Side] + right * (face[at + Side + 1] - face[at + Side]);
        return above + down * (below - above);
    }

    private static void ChangeLight(Span<float> face, double brightness, double contrast)
    {
        var mean = Mean(face);
        for (var i = 0; i < face.Length; i++)
            face[i] = Math.Clamp((float)((face[i] - mean) * contrast + mean + brightness), 0, 255);
    }

    private void Erase(Span<float> face, int side, ref RandomStream random)
    {
        var area = random.Between(0.1, 1) * options!.ErasingArea * side * side;
        // Width / height from 1:3 to 3:1, as in the random erasing paper.
        var ratio = Math.Exp(random.Between(-1, 1) * Math.Log(3));
        var width = Math.Clamp((int)Math.Round(Math.Sqrt(area * ratio)), 1, side);
        var height = Math.Clamp((int)Math.Round(Math.Sqrt(area / ratio)), 1, side);
        var (left, top) = (random.Below(side - width + 1), random.Below(side - height + 1));
        var mean = Mean(face);
        for (var y = top; y < top + height; y++)
            face.Slice(y * side + left, width).Fill(mean);
    }

    private static float Mean(ReadOnlySpan<float> face) => System.Numerics.Tensors.TensorPrimitives.Sum(face) / face.Length;
}
