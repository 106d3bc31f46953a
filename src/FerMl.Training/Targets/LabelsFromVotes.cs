using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace FerMl.Training;

/// <summary>
/// The probability of each label given people's votes for a face. The annotators of FER2013 and the voters of FER+ understand emotion names
/// differently (most of FER2013's faces of fear aren't fear in FER+), so votes aren't probabilities of labels. A multinomial logistic
/// regression on the logarithms of the votes, as of counts in naive Bayes, learns to predict the label.
/// </summary>
internal static class LabelsFromVotes
{
    private sealed class Row
    {
        public float[] Votes { get; init; } = [];

        /// <summary>From 0, as ML.NET expects of keys in objects; it stores them from 1.</summary>
        public uint Label { get; init; }
    }

    private sealed class Estimate
    {
        public float[] Score { get; set; } = [];
    }

    /// <param name="votes">Votes of each face, for each of FER2013's emotions.</param>
    /// <param name="labels">Class of each face, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="training">Indices of the faces to learn from; those without votes are skipped.</param>
    /// <returns>Probabilities [faces, classes]; rows of zeros for faces without votes.</returns>
    public static float[] Of(IReadOnlyList<float[]> votes, int[] labels, int classes, IEnumerable<int> training)
    {
        var mlContext = new MLContext(seed: 0);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Votes)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, votes[0].Length);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        // A single thread adds in a fixed order, so that a resumed training gets the same targets.
        var regression = mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            FeatureColumnName = nameof(Row.Votes),
            LabelColumnName = nameof(Row.Label),
            L1Regularization = 0,
            L2Regularization = 1,
            NumberOfThreads = 1,
        });
        int[] voted = [.. Enumerable.Range(0, votes.Count).Where(face => votes[face].Any(vote => vote > 0))];
        var model = regression.Fit(View(training.Intersect(voted)));
        var probabilities = new float[votes.Count * classes];
        foreach (var (face, estimate) in voted.Zip(
            mlContext.Data.CreateEnumerable<Estimate>(model.Transform(View(voted)), reuseRowObject: true)))
            estimate.Score.CopyTo(probabilities, face * classes);
        return probabilities;

        IDataView View(IEnumerable<int> faces) => mlContext.Data.LoadFromEnumerable(
            faces.Select(face => new Row
            {
                Votes = Array.ConvertAll(votes[face], vote => MathF.Log(1 + vote)),
                Label = (uint)labels[face],
            }).ToArray(), schema);
    }
}
