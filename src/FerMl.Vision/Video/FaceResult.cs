using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>A face in a frame.</summary>
/// <param name="Id">Its number, which stays with it from frame to frame of a video.</param>
/// <param name="Box">Where it is, in pixels of the frame.</param>
/// <param name="Prediction">Its emotion; in a video averaged over time.</param>
public sealed record FaceResult(int Id, Rect Box, EmotionPrediction Prediction);
