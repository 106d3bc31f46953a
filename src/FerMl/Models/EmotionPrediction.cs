using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace FerMl;

/// <summary>What a predictor says of one face.</summary>
public sealed class EmotionPrediction
{
    internal EmotionPrediction(IReadOnlyList<string> labels, ReadOnlySpan<float> scores)
    {
        Scores = [.. scores.ToArray().Select((score, i) => new EmotionScore(labels[i], score))];
        (Label, Confidence) = Scores[TensorPrimitives.IndexOfMax(scores)];
    }

    /// <summary>The most probable emotion's label, such as <c>happy</c>.</summary>
    public string Label { get; }

    /// <summary>Its probability, 0..1.</summary>
    public float Confidence { get; }

    /// <summary>Every label with its probability, in the order of the task; they sum to 1.</summary>
    public ImmutableArray<EmotionScore> Scores { get; }

    /// <summary>Label and confidence, such as <c>happy 93 %</c>.</summary>
    public override string ToString() => $"{Label} {Confidence:0 %}";
}
