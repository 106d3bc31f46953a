namespace FerMl;

/// <summary>
/// The expression of a drawn face, based on the action units (AU) of Ekman and Friesen's Facial Action Coding System (1978) for the basic
/// emotions: brow raisers and lowerers, lid raisers, nose wrinkler, lip corner pullers and depressors, jaw drop.
/// </summary>
/// <param name="InnerBrow">Height of the inner brow ends: -1 lowered (AU 4) to 1 raised (AU 1).</param>
/// <param name="OuterBrow">Height of the outer brow ends: -1 lowered to 1 raised (AU 2).</param>
/// <param name="EyeOpening">1 at rest, more with the upper lid raised (AU 5), less with the cheeks raised (AU 6).</param>
/// <param name="NoseWrinkle">0 to 1 (AU 9).</param>
/// <param name="MouthCurve">-1 for corners down (AU 15) to 1 for corners up (AU 12).</param>
/// <param name="MouthOpening">0 for closed to 1 for open (AU 26).</param>
/// <param name="MouthWidth">1 at rest, more with the lips stretched (AU 20), less with the lips rounded.</param>
/// <param name="UpperLip">0 to 1, how strongly the upper lip is raised on one side (AU 10).</param>
/// <param name="Smirk">0 to 1, how strongly one mouth corner is pulled up and in (AU 12 and 14 on one side).</param>
internal readonly record struct Expression(
    float InnerBrow, float OuterBrow, float EyeOpening, float NoseWrinkle, float MouthCurve, float MouthOpening, float MouthWidth,
    float UpperLip, float Smirk = 0)
{
    private static readonly Expression AtRest = new(0, 0, 1, 0, 0, 0, 1, 0);

    /// <summary>Interpolates between two expressions.</summary>
    /// <param name="from">The first expression.</param>
    /// <param name="to">The second expression.</param>
    /// <param name="share">Share of the second expression, 0 to 1.</param>
    public static Expression Between(Expression from, Expression to, float share)
    {
        return new Expression(
            Mix(from.InnerBrow, to.InnerBrow), Mix(from.OuterBrow, to.OuterBrow), Mix(from.EyeOpening, to.EyeOpening),
            Mix(from.NoseWrinkle, to.NoseWrinkle), Mix(from.MouthCurve, to.MouthCurve), Mix(from.MouthOpening, to.MouthOpening),
            Mix(from.MouthWidth, to.MouthWidth), Mix(from.UpperLip, to.UpperLip),
            Mix(from.Smirk, to.Smirk));

        float Mix(float low, float high) => low + (high - low) * share;
    }

    private static Expression Full(Emotion emotion) => emotion switch
    {
        Emotion.Anger => new(-1, 0.35f, 0.85f, 0.2f, -0.35f, 0.05f, 0.85f, 0),
        Emotion.Disgust => new(-0.5f, -0.3f, 0.55f, 1, -0.35f, 0.1f, 0.9f, 1),
        Emotion.Fear => new(1, 0.4f, 1.45f, 0, -0.3f, 0.4f, 1.25f, 0),
        Emotion.Happy => new(0, 0.1f, 0.7f, 0, 1, 0.3f, 1.2f, 0),
        Emotion.Sad => new(0.8f, -0.6f, 0.7f, 0, -0.9f, 0, 0.9f, 0),
        Emotion.Surprise => new(0.9f, 1, 1.55f, 0, 0, 1, 0.7f, 0),
        Emotion.Contempt => new(0, 0.1f, 0.9f, 0, 0, 0, 0.95f, 0, Smirk: 1),
        _ => AtRest,
    };

    /// <summary>A random variation of an emotion's expression: 65 % to 110 % of its strength, with noise on each feature.</summary>
    public static Expression Of(Emotion emotion, Random random)
    {
        var full = Full(emotion);
        var strength = 0.65f + 0.45f * random.NextSingle();
        return new Expression(
            Vary(full.InnerBrow, AtRest.InnerBrow, 0.12f), Vary(full.OuterBrow, AtRest.OuterBrow, 0.12f),
            Vary(full.EyeOpening, AtRest.EyeOpening, 0.08f), Math.Max(0, Vary(full.NoseWrinkle, AtRest.NoseWrinkle, 0.05f)),
            Vary(full.MouthCurve, AtRest.MouthCurve, 0.1f), Math.Max(0, Vary(full.MouthOpening, AtRest.MouthOpening, 0.05f)),
            Vary(full.MouthWidth, AtRest.MouthWidth, 0.06f), Math.Max(0, Vary(full.UpperLip, AtRest.UpperLip, 0.05f)),
            full.Smirk * strength);

        float Vary(float value, float rest, float spread) => rest + (value - rest) * strength + (2 * random.NextSingle() - 1) * spread;
    }
}
