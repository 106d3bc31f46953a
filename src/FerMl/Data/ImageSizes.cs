namespace FerMl;

/// <summary>The original sizes of a data set's images, before resampling to 48x48, by their shorter sides.</summary>
/// <param name="Smallest">The smallest, in pixels.</param>
/// <param name="Largest">The largest, in pixels.</param>
/// <param name="Small">Number of images that are smaller than 48 pixels.</param>
internal sealed record ImageSizes(int Smallest, int Largest, int Small)
{
    public static ImageSizes With(ImageSizes? before, int side) => new(
        Math.Min(before?.Smallest ?? side, side), Math.Max(before?.Largest ?? side, side),
        (before?.Small ?? 0) + (side < FaceResampler.Side ? 1 : 0));
}
