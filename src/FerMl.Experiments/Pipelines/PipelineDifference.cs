using System.Numerics.Tensors;

namespace FerMl.Experiments;

/// <summary>The accuracy of a leaderboard's best pipeline compared with the best trial of another, on the same faces.</summary>
/// <param name="Pipeline">The other pipeline.</param>
/// <param name="Accuracy">Difference of the accuracies, -1 to 1; above 0 if the leaderboard's best is more accurate.</param>
/// <param name="Low">Lower end of its 95 % interval: the mean of the per-face differences, minus 1.96 standard errors.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record PipelineDifference(string Pipeline, double Accuracy, double Low, double High)
{
    private const double Z = 1.96;

    internal static PipelineDifference Of(string pipeline, TrialOutcome best, TrialOutcome other, IReadOnlyList<int> labels)
    {
        var (first, second) = (Right(best, labels), Right(other, labels));
        // With repeated cross-validation, count each face once, with the mean of its results.
        double[] differences = [.. first.Where(face => second.ContainsKey(face.Key)).Select(face => face.Value - second[face.Key])];
        var mean = differences.Length == 0 ? 0 : differences.Average();
        var error = differences.Length < 2 ? 1
            : Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / (differences.Length - 1) / differences.Length);
        return new PipelineDifference(pipeline, mean, Math.Max(-1, mean - Z * error), Math.Min(1, mean + Z * error));
    }

    private static Dictionary<int, double> Right(TrialOutcome outcome, IReadOnlyList<int> labels) =>
        outcome.Faces.Index().GroupBy(face => face.Item).ToDictionary(face => face.Key, face => face.Average(
            one => TensorPrimitives.IndexOfMax<float>(outcome.Logits[one.Index]) == labels[face.Key] ? 1.0 : 0));
}
