namespace FerMl;

/// <summary>
/// Draws synthetic faces that move from a neutral expression to an emotion's and back, in the style of <see cref="SyntheticFaces"/>. Head,
/// light and pose are fixed within a clip. The expression peaks for a tenth to two fifths of the clip, at a random time; before and after,
/// the face is neutral.
/// </summary>
public static class SyntheticClips
{
    /// <summary>
    /// Draws clips with the emotions in turn: 80 % Training, 10 % PublicTest and 10 % PrivateTest. Equal seeds give equal clips.
    /// </summary>
    /// <param name="count">Number of clips, 70 to 100,000, so that every emotion occurs in every usage.</param>
    /// <param name="frames">Number of frames per clip, 2 to 1,000.</param>
    /// <param name="seed">Random seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static ClipDataset Create(int count = 1_400, int frames = 32, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 70);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, 1_000);
        var emotions = EmotionTask.Seven.Emotions;
        return new ClipDataset(SyntheticFaces.Name, [.. Enumerable.Range(0, count).Select(i =>
        {
            var emotion = emotions[i % emotions.Length];
            return new FaceClip(
                $"{SyntheticFaces.Name}{i:D7}", emotion, SyntheticFaces.UsageOf(i / emotions.Length % 10),
                () => Draw(emotion, frames, unchecked(seed * 1_000_003 + i)));
        })]);
    }

    private static byte[][] Draw(Emotion emotion, int frames, int seed)
    {
        var random = new Random(seed);
        var (rest, height) = (Expression.Of(Emotion.Neutral, random), Expression.Of(emotion, random));
        var duration = 0.1 + 0.3 * random.NextDouble();
        var slope = 0.1 + 0.1 * random.NextDouble();
        var begin = slope + (1 - duration - 2 * slope) * random.NextDouble();
        var head = random.Next();
        using var painter = new FacePainter();
        return [.. Enumerable.Range(0, frames).Select(frame =>
        {
            var time = frame / (frames - 1.0);
            var strength = Math.Clamp(Math.Min(time - begin + slope, begin + duration + slope - time) / slope, 0, 1);
            return painter.Paint(Expression.Between(rest, height, (float)strength), new Random(head), random);
        })];
    }
}
