using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face of the ground truth.</summary>
/// <param name="Emotion">The true emotion.</param>
/// <param name="Box">The face's box in pixels; null for the largest face of the frame.</param>
public sealed record GroundTruthFace(Emotion Emotion, Rect? Box);
