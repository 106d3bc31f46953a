using System.Numerics.Tensors;

namespace FerMl;

/// <summary>Metrics of scores against the votes of the people who annotated each face.</summary>
/// <param name="Count">Number of faces with votes.</param>
/// <param name="MeanVoteShare">
/// Mean share of a face's votes that are for the predicted emotion, 0..1; the votes for unknown and for no face count in the total.
/// </param>
/// <param name="CrossEntropy">
/// Mean cross-entropy between the scores and the distribution of the votes over the labels, in nats, over faces with votes for a label;
/// null if there are none.
/// </param>
/// <param name="AnnotatorAgreement">
/// Inter-annotator agreement (leave one out), 0..1: the share of a face's votes that match the majority of its other votes, averaged over
/// the faces. Only votes for the labels count, and only where the other votes have a majority for a label. It is the human baseline for a
/// model; null if no face qualifies.
/// </param>
public sealed record VoteMetrics(int Count, double MeanVoteShare, double? CrossEntropy, double? AnnotatorAgreement)
{
    /// <summary>The metrics in display form, for tables, pages and notebooks.</summary>
    internal IReadOnlyList<MetricFigure> Figures =>
    [
        new("mean share of the votes for the predicted emotion", MeanVoteShare.Invariant("P1")),
        new("cross-entropy to the votes (nats)", CrossEntropy?.Invariant("F3") ?? "-"),
        new("inter-annotator agreement (leave one out)", AnnotatorAgreement?.Invariant("P1") ?? "-"),
    ];

    /// <summary>Computes the metrics; null if there are no votes or a label isn't an emotion.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="votes">The votes of each face.</param>
    /// <param name="scores">Probabilities, one row of label scores per face.</param>
    internal static VoteMetrics? Compute(IReadOnlyList<string> labels, IReadOnlyList<EmotionVotes> votes, ReadOnlySpan<float> scores)
    {
        Emotion?[] emotions = [.. labels.Select(label => EmotionNames.TryParse(label, out var emotion) ? emotion : (Emotion?)null)];
        if (votes.Count == 0 || emotions.Contains(null))
            return null;
        Emotion[] chosen = [.. emotions.Select(emotion => emotion!.Value)];
        var (share, faces, entropy, voted, agreement, judged) = (0.0, 0, 0.0, 0, 0.0, 0);
        for (var i = 0; i < votes.Count; i++)
        {
            var face = votes[i];
            var row = scores.Slice(i * labels.Count, labels.Count);
            if (face.Total == 0)
                continue;
            faces++;
            share += (double)face[emotions[TensorPrimitives.IndexOfMax(row)]!.Value] / face.Total;
            var counted = emotions.Sum(emotion => face[emotion!.Value]);
            if (counted > 0)
            {
                voted++;
                for (var c = 0; c < emotions.Length; c++)
                    entropy -= (double)face[emotions[c]!.Value] / counted * Math.Log(Math.Max(1e-15, row[c]));
            }
            if (face.AgreementOn(chosen) is { } agrees)
            {
                judged++;
                agreement += agrees;
            }
        }
        return faces == 0 ? null : new VoteMetrics(
            faces, share / faces, voted == 0 ? null : entropy / voted, judged == 0 ? null : agreement / judged);
    }
}
