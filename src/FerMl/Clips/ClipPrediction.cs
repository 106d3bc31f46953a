using System.Collections.Immutable;

namespace FerMl;

/// <summary>What a model of clips says of one.</summary>
public sealed class ClipPrediction
{
    internal ClipPrediction(EmotionPrediction emotion, ImmutableArray<EmotionPrediction> frames) => (Emotion, Frames) = (emotion, frames);

    /// <summary>The emotion of the clip as a whole.</summary>
    public EmotionPrediction Emotion { get; }

    /// <summary>What the model of single faces, which it follows, says of each frame that was looked at.</summary>
    public ImmutableArray<EmotionPrediction> Frames { get; }

    /// <summary>The mean of the frames' scores: what one would do without a model of clips.</summary>
    public EmotionPrediction Average
    {
        get
        {
            var scores = new float[Emotion.Scores.Length];
            foreach (var frame in Frames)
                for (var i = 0; i < scores.Length; i++)
                    scores[i] += frame.Scores[i].Score / Frames.Length;
            return new EmotionPrediction([.. Emotion.Scores.Select(score => score.Label)], scores);
        }
    }

    /// <summary>Label and confidence of the clip, such as <c>happy 93 %</c>.</summary>
    public override string ToString() => Emotion.ToString();
}
