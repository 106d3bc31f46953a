namespace FerMl.Benchmarking;

/// <summary>The position of the detector's box relative to FER2013's faces, and a model's accuracy on crops of several sizes.</summary>
/// <param name="Faces">Number of tested faces.</param>
/// <param name="Found">Number of detected faces.</param>
/// <param name="Scale">Median side of FER2013's square, relative to the side of the detector's box.</param>
/// <param name="OffsetY">Median downward offset of FER2013's square from the box, relative to the side of the box.</param>
/// <param name="AccuracyUncut">Accuracy on the detected faces with FER2013's original crop.</param>
/// <param name="Cuts">Accuracy on the same faces with crops of several sizes.</param>
internal sealed record CropResult(
    int Faces, int Found, double Scale, double OffsetY, double AccuracyUncut, IReadOnlyList<CropAccuracy> Cuts);
