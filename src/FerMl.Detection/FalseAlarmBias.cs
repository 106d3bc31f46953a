using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>
/// Finds from which sum of both networks' logits on something is to be called a face: so that images without faces, which neither has seen,
/// have few. Where faces are has no say in it, so that none need be marked.
/// </summary>
internal static class FalseAlarmBias
{
    // One false alarm in so many images.
    private const int ImagesAnAlarm = 160;

    // What is assumed where there are too few images to tell, and about which it is looked for: where a second look is worth it depends
    // on it.
    private const double Usual = 3;

    private const double LeastScore = 0.05;

    /// <summary>What is to be taken from the sums of logits.</summary>
    /// <param name="file">The detector.</param>
    /// <param name="heldOut">Images without faces on which it wasn't trained.</param>
    public static double Of(DetectorFile file, Backgrounds heldOut)
    {
        using var detector = new CnnFaceDetector(file with { Card = file.Card with { Bias = Usual } }, new CnnDetectorOptions
        {
            MinScore = LeastScore,
        });
        var sums = new List<double>();
        foreach (var image in heldOut.Images)
            sums.AddRange(detector.Detect(image).Select(face => Usual + Math.Log(face.Score / (1 - face.Score))));
        var alarms = heldOut.Count / ImagesAnAlarm;
        return alarms == 0 ? Usual : sums.OrderDescending().ElementAtOrDefault(alarms);
    }
}
