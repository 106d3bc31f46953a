namespace FerMl.Training;

/// <summary>A view of a face: a crop or all of it, shifted, zoomed and optionally mirrored. The border is replicated.</summary>
/// <param name="OffsetX">Shift of the crop to the right, in pixels.</param>
/// <param name="OffsetY">Shift of the crop down, in pixels.</param>
/// <param name="IsMirrored">Whether the view is mirrored.</param>
/// <param name="Side">Width and height of the network's input, in pixels; 48 for the entire face.</param>
/// <param name="Zoom">Pixels to remove at each border of the crop before it is enlarged to <paramref name="Side"/>; if negative, pixels to
/// add around it.</param>
internal readonly record struct AugmentedView(int OffsetX, int OffsetY, bool IsMirrored, int Side = FaceResampler.Side, int Zoom = 0)
{
    /// <summary>The shift to the corners for entire faces, in pixels: within the shift of four that training uses.</summary>
    public const int CornerShift = 3;

    /// <summary>
    /// <see cref="TestTimeAugmentation.Zoom"/> zooms in and out by one pixel at each border for this many pixels of the side: 44 and 52 of
    /// 48 pixels, within the tenth that training uses (docs/development/decisions/int8-and-test-time-augmentation.md).
    /// </summary>
    private const int SidePerZoomedPixel = 24;

    /// <summary>Width and height of the visible part of the face, in pixels of the face.</summary>
    public int Part => Side - 2 * Zoom;

    /// <summary>The center crop of a face.</summary>
    public static AugmentedView Center(int side) => new(0, 0, IsMirrored: false, side);

    /// <summary>The views of a kind of test-time augmentation.</summary>
    /// <param name="averaging">The kind.</param>
    /// <param name="side">Width and height of the crops that the network was trained on; 48 for entire faces.</param>
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

    /// <summary>The corner of the part, in a face padded by a margin.</summary>
    public (int Left, int Top) Corner(int margin) =>
        (margin + (FaceResampler.Side - Part) / 2 + OffsetX, margin + (FaceResampler.Side - Part) / 2 + OffsetY);

    /// <summary>The number of pixels by which the part extends beyond the face.</summary>
    public int Margin => Math.Max(0, Math.Max(Math.Abs(OffsetX), Math.Abs(OffsetY)) - (FaceResampler.Side - Part) / 2);
}
