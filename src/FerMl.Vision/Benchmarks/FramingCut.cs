namespace FerMl.Vision;

/// <summary>Accuracy on faces cut out in one way.</summary>
/// <param name="Framing">The way.</param>
/// <param name="Accuracy">Share named rightly, 0..1.</param>
public sealed record FramingCut(FaceFraming Framing, double Accuracy);
