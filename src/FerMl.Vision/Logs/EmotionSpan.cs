namespace FerMl.Vision;

/// <summary>A time span in which a face showed one emotion.</summary>
/// <param name="From">Start, in seconds.</param>
/// <param name="To">End, in seconds.</param>
/// <param name="Label">The emotion's label.</param>
/// <param name="Confidence">Mean probability of the emotion, 0..1.</param>
/// <param name="Frames">Number of frames.</param>
public sealed record EmotionSpan(double From, double To, string Label, double Confidence, int Frames);
