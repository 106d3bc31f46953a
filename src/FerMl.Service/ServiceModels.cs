using FerMl.Vision;

namespace FerMl.Service;

/// <summary>The models and detectors of a service. The caller owns them and must keep them until the service is disposed.</summary>
/// <param name="Photo">The model for photos and faces.</param>
/// <param name="PhotoName">Its name.</param>
/// <param name="Live">The model for live video.</param>
/// <param name="LiveName">Its name.</param>
/// <param name="PhotoDetector">Creates a face detector for photos.</param>
/// <param name="LiveDetector">Creates a face detector for video frames.</param>
internal sealed record ServiceModels(
    EmotionPredictor Photo, string PhotoName, EmotionPredictor Live, string LiveName, Func<IFaceDetector> PhotoDetector,
    Func<IFaceDetector> LiveDetector);
