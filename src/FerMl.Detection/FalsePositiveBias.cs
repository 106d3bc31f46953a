using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>
/// Finds from which sum of both networks' logits on something is to be called a face: so that images without faces, which neither has seen,
/// have few. Where faces are has no say in it, so that none need be marked.
/// </summary>
internal static class FalsePositiveBias
{
    // One false positive in so many images.
    private const int ImagesAnAlarm = 640;

    // The tail begins where one in so many images exceeds it; fewer than so many such sums don't tell how it continues.
    private const int ImagesAPeak = 10, MinPeaks = 8;

    // What is assumed where there are too few images to tell, and about which it is looked for: where a second look is worth it depends
    // on it.
    private const double Usual = 3;

    // A score of exactly 1 would be an infinite sum.
    private const double MinDoubt = 1e-7;

    private const double MinScore = 0.05, Certain = 0.99;

    /// <summary>What is to be taken from the sums of logits.</summary>
    /// <param name="file">The detector.</param>
    /// <param name="heldOut">Images without faces on which it wasn't trained.</param>
    /// <param name="report">Receives the names of those that seem to show a face after all, or null.</param>
    public static double Of(DetectorFile file, Backgrounds heldOut, Action<string>? report = null)
    {
        using var detector = new CnnFaceDetector(file with { Card = file.Card with { Bias = Usual } }, new CnnDetectorOptions
        {
            MinScore = MinScore,
        });
        var sums = new List<double>();
        foreach (var (i, image) in heldOut.Images.Index())
        {
            var found = detector.Detect(image);
            if (found.Any(face => face.Score > Certain))
                report?.Invoke($"{heldOut.Names[i]}: seems to show a face; leave it out of the backgrounds, which should show none.");
            sums.AddRange(found.Select(face => Usual + Math.Log(face.Score / Math.Max(MinDoubt, 1 - face.Score))));
        }
        return FromTail([.. sums.OrderDescending()], heldOut.Count);
    }

    /// <summary>
    /// The sum of logits that one in <see cref="ImagesAnAlarm"/> images exceeds. The largest few say little of that each, so it is read off
    /// an exponential tail through all of the largest (peaks over a threshold: Pickands, "Statistical Inference Using Extreme Order
    /// Statistics", 1975, with a shape of 0).
    /// </summary>
    /// <param name="sums">The sums, the largest first.</param>
    /// <param name="images">The images that they come from.</param>
    internal static double FromTail(IReadOnlyList<double> sums, int images)
    {
        var peaks = images / ImagesAPeak;
        if (peaks < MinPeaks || sums.Count <= peaks)
            return Usual;
        var threshold = sums[peaks];
        return threshold + sums.Take(peaks).Average(sum => sum - threshold) * Math.Log(peaks * ImagesAnAlarm / (double)images);
    }
}
