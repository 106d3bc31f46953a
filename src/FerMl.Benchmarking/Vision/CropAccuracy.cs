using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>Accuracy on faces with one kind of crop.</summary>
/// <param name="Crop">The crop.</param>
/// <param name="Accuracy">Accuracy, 0..1.</param>
internal sealed record CropAccuracy(FaceCrop Crop, double Accuracy);
