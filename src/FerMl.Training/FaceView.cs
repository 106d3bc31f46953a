namespace FerMl.Training;

/// <summary>One way to look at a face: shifted by some pixels, its border going on beyond it, and perhaps mirrored.</summary>
internal readonly record struct FaceView(int Right, int Down, bool IsMirrored)
{
    /// <summary>
    /// The shift of <see cref="TestTimeAugmentation.TenCrop"/>, in pixels: within what training with a shift of four has shown the network.
    /// </summary>
    public const int CropShift = 3;

    /// <summary>The views of a kind of averaging.</summary>
    public static IReadOnlyList<FaceView> Of(TestTimeAugmentation averaging)
    {
        (int, int)[] places = averaging == TestTimeAugmentation.TenCrop
            ? [(0, 0), (-CropShift, -CropShift), (-CropShift, CropShift), (CropShift, -CropShift), (CropShift, CropShift)]
            : [(0, 0)];
        bool[] mirrored = averaging == TestTimeAugmentation.None ? [false] : [false, true];
        return [.. from place in places from mirror in mirrored select new FaceView(place.Item1, place.Item2, mirror)];
    }
}
