namespace FerMl.Vision;

/// <summary>How the detector's box lies about a face of FER2013, and what a model makes of cuts of several sizes about it.</summary>
/// <param name="Faces">Faces that were tried.</param>
/// <param name="Found">Those that the detector found.</param>
/// <param name="Size">Median side of FER2013's square over the side of the detector's box.</param>
/// <param name="Down">Median distance by which FER2013's square lies below the box, over the side of the box.</param>
/// <param name="AccuracyUncut">Accuracy on the faces found, as FER2013 has them.</param>
/// <param name="Cuts">Accuracy on the same faces, cut out of the picture in several sizes.</param>
public sealed record FramingResult(int Faces, int Found, double Size, double Down, double AccuracyUncut, IReadOnlyList<FramingCut> Cuts);
