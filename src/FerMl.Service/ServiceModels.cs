using FerMl.Vision;

namespace FerMl.Service;

/// <summary>What a service works with. It stays the caller's, and has to outlive the service.</summary>
/// <param name="Photo">The model for photos and faces.</param>
/// <param name="PhotoName">Its name.</param>
/// <param name="Live">The model for live video.</param>
/// <param name="LiveName">Its name.</param>
/// <param name="PhotoDetector">Makes what finds faces in photos.</param>
/// <param name="LiveDetector">Makes what finds faces in frames of video.</param>
internal sealed record ServiceModels(
    EmotionPredictor Photo, string PhotoName, EmotionPredictor Live, string LiveName, Func<IFaceDetector> PhotoDetector,
    Func<IFaceDetector> LiveDetector);
