using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face as it really is.</summary>
/// <param name="Emotion">The emotion that it shows.</param>
/// <param name="Box">Where it is, in pixels; null for the largest face of the picture.</param>
public sealed record TrueFace(Emotion Emotion, Rect? Box);
