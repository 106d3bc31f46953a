namespace FerMl.Training;

/// <summary>One way to look at a face: a part of it, or all of it, shifted by some pixels, its border repeated beyond it, nearer or
/// farther, and perhaps mirrored.</summary>
/// <param name="OffsetX">Shift to the right of the part that is seen, in pixels.</param>
/// <param name="OffsetY">Shift down of it.</param>
/// <param name="IsMirrored">Whether it is mirrored.</param>
/// <param name="Side">Width and height that the network sees it in, in pixels; 48 for all of a face as it is.</param>
/// <param name="Zoom">Pixels that are cut off at each border of the part before what is left is enlarged to <paramref name="Side"/>;
/// below 0, pixels around it that come into view.</param>
internal readonly record struct AugmentedView(int OffsetX, int OffsetY, bool IsMirrored, int Side = FaceResampler.Side, int Zoom = 0)
{
    /// <summary>
    /// The shift to the corners where all of a face is seen, in pixels: within what training with a shift of four has shown the network.
    /// </summary>
    public const int CornerShift = 3;

    /// <summary>
    /// <see cref="TestTimeAugmentation.Zoom"/> looks nearer and farther by a pixel at each border for so many of the side: 44 and 52 of 48
    /// pixels, within the tenth that training has shown the network
    /// (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    private const int SidePerZoomedPixel = 24;

    /// <summary>Width and height of the part of the face that is seen, in pixels of the face.</summary>
    public int Part => Side - 2 * Zoom;

    /// <summary>The middle of a face.</summary>
    public static AugmentedView Center(int side) => new(0, 0, IsMirrored: false, side);

    /// <summary>The views of a kind of averaging.</summary>
    /// <param name="averaging">The kind.</param>
    /// <param name="side">Width and height of the crops that the network was trained on; 48 for whole faces.</param>
    public static IReadOnlyList<AugmentedView> Of(TestTimeAugmentation averaging, int side = FaceResampler.Side)
    {
        if (averaging == TestTimeAugmentation.Zoom)
        {
            var nearer = side / SidePerZoomedPixel;
            return [Center(side), new AugmentedView(0, 0, IsMirrored: true, side, nearer), new AugmentedView(0, 0, IsMirrored: true, side,
                -nearer)];
        }
        var shift = side == FaceResampler.Side ? CornerShift : (FaceResampler.Side - side) / 2;
        (int, int)[] places = averaging is TestTimeAugmentation.TenCrop or TestTimeAugmentation.FiveCrop
            ? [(0, 0), (-shift, -shift), (-shift, shift), (shift, -shift), (shift, shift)]
            : [(0, 0)];
        bool[] mirrored = averaging is TestTimeAugmentation.None or TestTimeAugmentation.FiveCrop ? [false] : [false, true];
        return [.. from place in places from mirror in mirrored select new AugmentedView(place.Item1, place.Item2, mirror, side)];
    }

    /// <summary>Where the part begins, counted from the corner of a face with a margin around it.</summary>
    public (int Left, int Top) Corner(int margin) =>
        (margin + (FaceResampler.Side - Part) / 2 + OffsetX, margin + (FaceResampler.Side - Part) / 2 + OffsetY);

    /// <summary>The pixels that the part reaches beyond the face.</summary>
    public int Margin => Math.Max(0, Math.Max(Math.Abs(OffsetX), Math.Abs(OffsetY)) - (FaceResampler.Side - Part) / 2);
}
