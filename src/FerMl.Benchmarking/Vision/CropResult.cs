namespace FerMl.Benchmarking;

/// <summary>How the detector's box lies about a face of FER2013, and what a model makes of cuts of several sizes about it.</summary>
/// <param name="Faces">Faces that were tried.</param>
/// <param name="Found">Those that the detector found.</param>
/// <param name="Scale">Median side of FER2013's square over the side of the detector's box.</param>
/// <param name="OffsetY">Median distance by which FER2013's square lies below the box, over the side of the box.</param>
/// <param name="AccuracyUncut">Accuracy on the faces found, as FER2013 has them.</param>
/// <param name="Cuts">Accuracy on the same faces, cut out of the image in several sizes.</param>
internal sealed record CropResult(
    int Faces, int Found, double Scale, double OffsetY, double AccuracyUncut, IReadOnlyList<CropAccuracy> Cuts);
