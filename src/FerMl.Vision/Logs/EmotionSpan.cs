namespace FerMl.Vision;

/// <summary>A time in which a face showed one emotion.</summary>
/// <param name="From">Its beginning, in seconds.</param>
/// <param name="To">Its end, in seconds.</param>
/// <param name="Label">The emotion's label.</param>
/// <param name="Confidence">Mean probability of the emotion, 0..1.</param>
/// <param name="Frames">Number of frames.</param>
public sealed record EmotionSpan(double From, double To, string Label, double Confidence, int Frames);
