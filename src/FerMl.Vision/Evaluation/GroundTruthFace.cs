using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face as it really is.</summary>
/// <param name="Emotion">The emotion that it shows.</param>
/// <param name="Box">Where it is, in pixels; null for the largest face of the frame.</param>
public sealed record GroundTruthFace(Emotion Emotion, Rect? Box);
