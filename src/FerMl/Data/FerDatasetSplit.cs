namespace FerMl;

/// <summary>Splits data that has no test part, as folders of one's own images.</summary>
public static class FerDatasetSplit
{
    /// <summary>
    /// Holds out a stratified random share of the Training faces: in the returned data set they are PublicTest. Pixel-identical faces stay
    /// in one part, and every label keeps a training face. Other usages stay as they are.
    /// </summary>
    /// <param name="dataset">The faces.</param>
    /// <param name="testFraction">Share of the Training faces to hold out, between 0 and 1.</param>
    /// <param name="seed">Random seed. The same faces and seed give the same split.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share isn't between 0 and 1.</exception>
    /// <exception cref="FerDataException">No label has two different Training faces.</exception>
    /// <example>
    /// <code>
    /// var faces = SyntheticFaces.Create(70).Where(face => face.Usage == Usage.Training).StratifiedSplit(testFraction: 0.3, seed: 1);
    /// using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
    /// var evaluation = EmotionEvaluation.Run(predictor, faces);
    /// </code>
    /// </example>
    public static FerDataset StratifiedSplit(this FerDataset dataset, double testFraction = 0.2, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The share must be between 0 and 1.");
        // What is drawn are groups of identical faces, each under the label of its first. A label's only group stays in Training.
        var groups = dataset.Samples.Where(face => face.Usage == Usage.Training).GroupBy(face => DuplicateAudit.KeyOf(face.Pixels))
            .Select(group => group.ToArray()).GroupBy(group => group[0].Code).Where(label => label.Count() > 1)
            .SelectMany(label => label).ToArray();
        if (groups.Length == 0)
            throw new FerDataException($"{dataset.Source}: no label has two different Training faces, so that none can be held out.");
        var drawn = Stratification.Draw([.. groups.Select((group, i) => (i, group[0].Code))], testFraction, seed);
        var test = drawn.SelectMany(i => groups[i]).Select(face => face.Index).ToHashSet();
        return dataset.WithUsages(index => test.Contains(index) ? Usage.PublicTest : dataset.UsageOf(index));
    }
}
