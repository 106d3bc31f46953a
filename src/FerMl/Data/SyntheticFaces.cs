namespace FerMl;

/// <summary>
/// Draws synthetic faces with emotional expressions in the format of FER2013, for tests, the quick start and <c>--data synthetic</c>, which
/// don't require FER2013. Brows, eyes, nose and mouth express the emotion; pose, light, skin, background and noise vary independently of
/// it.
/// </summary>
public static class SyntheticFaces
{
    /// <summary>The name of these faces in commands and model cards.</summary>
    public const string Name = "synthetic";

    /// <summary>
    /// Draws faces with the emotions in turn: 80 % Training, 10 % PublicTest and 10 % PrivateTest. Equal seeds give equal faces.
    /// </summary>
    /// <param name="count">Number of faces, ten for each emotion (70) to 100,000, so that every emotion occurs in every usage.</param>
    /// <param name="seed">Random seed.</param>
    /// <param name="task">The emotions, or null for FER2013's seven.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is outside its range.</exception>
    public static FerDataset Create(int count = 4_200, int seed = 0, EmotionTask? task = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 10 * (task ?? EmotionTask.Seven).Emotions.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100_000);
        var random = new Random(seed);
        var emotions = (task ?? EmotionTask.Seven).Emotions;
        using var painter = new FacePainter();
        return FerDataset.Create(Name, Enumerable.Range(0, count).Select(i =>
        {
            var emotion = emotions[i % emotions.Length];
            var face = painter.Paint(Expression.Of(emotion, random), random);
            return (face, emotion, UsageOf(i / emotions.Length % 10));
        }));
    }

    internal static Usage UsageOf(int tenth) => tenth switch { 8 => Usage.PublicTest, 9 => Usage.PrivateTest, _ => Usage.Training };
}
