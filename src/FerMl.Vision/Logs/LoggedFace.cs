namespace FerMl.Vision;

/// <summary>A face in a log.</summary>
/// <param name="Id">Its ID, which it keeps throughout the video.</param>
/// <param name="Box">Its box in pixels: x, y, width, height.</param>
/// <param name="Label">The most probable emotion.</param>
/// <param name="Confidence">Its probability, 0..1.</param>
/// <param name="Scores">Every label with its probability.</param>
public sealed record LoggedFace(int Id, IReadOnlyList<int> Box, string Label, float Confidence, IReadOnlyDictionary<string, float> Scores)
{
    /// <summary>Detection score, 0..1; 1 in logs without it.</summary>
    public float FaceScore { get; init; } = 1;

    /// <summary>Roll of the head in degrees, clockwise as seen; 0 in logs without it.</summary>
    public float Roll { get; init; }

    internal static LoggedFace Of(FaceResult face) => new(
        face.Id, [face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height], face.Prediction.Label, face.Prediction.Confidence,
        face.Prediction.ScoresByLabel())
    {
        FaceScore = face.Score,
        Roll = face.Roll,
    };
}
