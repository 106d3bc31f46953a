using System.Numerics.Tensors;

namespace FerMl;

/// <summary>How scores compare with the votes of the people who annotated each face.</summary>
/// <param name="Count">Number of faces with votes.</param>
/// <param name="MeanVoteShare">
/// Mean share of a face's votes that the predicted emotion got, 0..1; votes for unknown and for no face count among all.
/// </param>
/// <param name="CrossEntropy">
/// Mean cross-entropy of the scores to the distribution of the votes over the labels, in nats; of the faces that have such votes. Null
/// where none has.
/// </param>
/// <param name="AnnotatorAgreement">
/// Inter-annotator agreement, leave one out, 0..1: of a face's votes for one of the labels, the share that is for the majority of its
/// other votes, where those have one for a label; the mean over the faces. What a model is compared with. Null where no face has such a
/// majority.
/// </param>
public sealed record VoteMetrics(int Count, double MeanVoteShare, double? CrossEntropy, double? AnnotatorAgreement)
{
    /// <summary>The metrics as tables, pages and notebooks show them.</summary>
    internal IReadOnlyList<MetricFigure> Figures =>
    [
        new("mean share of the votes for the predicted emotion", MeanVoteShare.Invariant("P1")),
        new("cross-entropy to the votes (nats)", CrossEntropy?.Invariant("F3") ?? "-"),
        new("inter-annotator agreement (leave one out)", AnnotatorAgreement?.Invariant("P1") ?? "-"),
    ];

    /// <summary>Computes the metrics; null where there are no votes.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="votes">The votes of each face.</param>
    /// <param name="scores">Probabilities, one row of labels a face.</param>
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
