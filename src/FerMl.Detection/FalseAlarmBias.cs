using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>
/// Finds from which sum of both networks' logits on something is to be called a face: so that images without faces, which neither has seen,
/// have few. Where faces are has no say in it, so that none need be marked.
/// </summary>
internal static class FalseAlarmBias
{
    // One false alarm in so many images; and what is assumed where there are too few images to tell.
    private const int ImagesAnAlarm = 160;
    private const double Usual = 4;

    public static double Of(DetectorFile file, Backgrounds heldOut)
    {
        using var detector = new CnnFaceDetector(file with { Card = file.Card with { Bias = 0 } });
        var sums = new List<double>();
        foreach (var image in heldOut.Images)
            sums.AddRange(detector.Detect(image).Select(face => Math.Log(face.Score / (1 - face.Score))));
        var alarms = heldOut.Count / ImagesAnAlarm;
        return alarms == 0 ? Usual : sums.OrderDescending().ElementAtOrDefault(alarms);
    }
}
