using System.Collections.Immutable;

namespace FerMl;

/// <summary>A clip model's result for one clip.</summary>
public sealed class ClipPrediction
{
    internal ClipPrediction(EmotionPrediction emotion, ImmutableArray<EmotionPrediction> frames) => (Emotion, Frames) = (emotion, frames);

    /// <summary>The prediction for the entire clip.</summary>
    public EmotionPrediction Emotion { get; }

    /// <summary>The predictions of the underlying single-face model for the sampled frames.</summary>
    public ImmutableArray<EmotionPrediction> Frames { get; }

    /// <summary>The mean of the frames' scores: the baseline without a clip model.</summary>
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
