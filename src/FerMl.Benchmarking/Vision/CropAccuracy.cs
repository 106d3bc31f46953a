using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>Accuracy on faces cut out in one way.</summary>
/// <param name="Crop">The way.</param>
/// <param name="Accuracy">Share named rightly, 0..1.</param>
internal sealed record CropAccuracy(FaceCrop Crop, double Accuracy);
