using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face in a picture.</summary>
/// <param name="Id">Its number, which stays with it from picture to picture of a video.</param>
/// <param name="Box">Where it is, in pixels of the picture.</param>
/// <param name="Prediction">Its emotion; in a video averaged over time.</param>
public sealed record SeenFace(int Id, Rect Box, EmotionPrediction Prediction);
