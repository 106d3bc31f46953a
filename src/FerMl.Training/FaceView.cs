namespace FerMl.Training;

/// <summary>One way to look at a face: a part of it, or all of it, shifted by some pixels, its border going on beyond it, and perhaps
/// mirrored.</summary>
/// <param name="Right">Shift to the right of the part that is seen, in pixels.</param>
/// <param name="Down">Shift down of it.</param>
/// <param name="IsMirrored">Whether it is mirrored.</param>
/// <param name="Side">Width and height of the part, in pixels; 48 for all.</param>
internal readonly record struct FaceView(int Right, int Down, bool IsMirrored, int Side = FaceResampler.Side)
{
    /// <summary>
    /// The shift to the corners where all of a face is seen, in pixels: within what training with a shift of four has shown the network.
    /// </summary>
    public const int CornerShift = 3;

    /// <summary>The middle of a face.</summary>
    public static FaceView Center(int side) => new(0, 0, IsMirrored: false, side);

    /// <summary>The views of a kind of averaging.</summary>
    /// <param name="averaging">The kind.</param>
    /// <param name="side">Width and height of the crops that the network was trained on; 48 for whole faces.</param>
    public static IReadOnlyList<FaceView> Of(TestTimeAugmentation averaging, int side = FaceResampler.Side)
    {
        var shift = side == FaceResampler.Side ? CornerShift : (FaceResampler.Side - side) / 2;
        (int, int)[] places = averaging is TestTimeAugmentation.TenCrop or TestTimeAugmentation.FiveCrop
            ? [(0, 0), (-shift, -shift), (-shift, shift), (shift, -shift), (shift, shift)]
            : [(0, 0)];
        bool[] mirrored = averaging is TestTimeAugmentation.None or TestTimeAugmentation.FiveCrop ? [false] : [false, true];
        return [.. from place in places from mirror in mirrored select new FaceView(place.Item1, place.Item2, mirror, side)];
    }

    /// <summary>Where the part begins, counted from the corner of a face with a margin around it.</summary>
    public (int Left, int Top) Corner(int margin) =>
        (margin + (FaceResampler.Side - Side) / 2 + Right, margin + (FaceResampler.Side - Side) / 2 + Down);

    /// <summary>The pixels that the part reaches beyond the face.</summary>
    public int Margin => Math.Max(0, Math.Max(Math.Abs(Right), Math.Abs(Down)) - (FaceResampler.Side - Side) / 2);
}
