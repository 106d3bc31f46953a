using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>
/// Calibrates the detection threshold on the sum of both networks' logits, so that held-out images without faces have few false positives.
/// Recall has no influence, so no faces need annotation.
/// </summary>
internal static class FalsePositiveBias
{
    // One false positive per this many images.
    private const int ImagesPerFalsePositive = 640;

    // The tail begins at the sum that one in this many images exceeds. With fewer peaks than the second value it can't be extrapolated.
    private const int ImagesAPeak = 10, MinPeaks = 8;

    // The bias where there are too few images and the detector has none, and while the sums are measured: it determines which faces the
    // verifier analyzes mirrored.
    private const double Usual = 3;

    // A score of exactly 1 would give an infinite sum.
    private const double MinDoubt = 1e-7;

    private const double MinScore = 0.05, Certain = 0.99;

    /// <summary>Computes the bias to subtract from the sums of logits.</summary>
    /// <param name="file">The detector. Where there are too few images, it keeps the bias of its card, unless that is 0.</param>
    /// <param name="heldOut">Held-out images without faces.</param>
    /// <param name="report">Receives messages about images that seem to show a face after all, or null.</param>
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
        return FromTail([.. sums.OrderDescending()], heldOut.Count) ?? (file.Card.Bias == 0 ? Usual : file.Card.Bias);
    }

    /// <summary>
    /// The sum of logits that one in <see cref="ImagesPerFalsePositive"/> images exceeds. The largest few sums are too noisy, so it is
    /// estimated from an exponential tail fitted to all peaks (peaks over threshold: Pickands, "Statistical Inference Using Extreme Order
    /// Statistics", 1975, with a shape of 0).
    /// </summary>
    /// <param name="sums">The sums, in descending order.</param>
    /// <param name="images">The number of images that they come from.</param>
    /// <returns>The sum, or null where there are too few images.</returns>
    internal static double? FromTail(IReadOnlyList<double> sums, int images)
    {
        var peaks = images / ImagesAPeak;
        if (peaks < MinPeaks || sums.Count <= peaks)
            return null;
        var threshold = sums[peaks];
        return threshold + sums.Take(peaks).Average(sum => sum - threshold) * Math.Log(peaks * ImagesPerFalsePositive / (double)images);
    }
}
