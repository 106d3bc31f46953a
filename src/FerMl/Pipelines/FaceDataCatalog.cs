using Microsoft.ML;

namespace FerMl;

/// <summary>Loads, filters and splits face data; extends <c>mlContext.Data</c>.</summary>
public static class FaceDataCatalog
{
    /// <summary>Loads FER2013 in any format that <see cref="FerDataset.Load"/> detects, as rows of <see cref="FaceImage"/>.</summary>
    /// <exception cref="FerDataException">The data can't be loaded.</exception>
    public static IDataView LoadFromFer2013(this DataOperationsCatalog catalog, string path, FerLoadOptions? options = null) =>
        catalog.LoadFromFerDataset(FerDataset.Load(path, options));

    /// <summary>
    /// Presents a data set as rows of <see cref="FaceImage"/>. A row's image is created lazily, when a transform reads it.
    /// </summary>
    public static IDataView LoadFromFerDataset(this DataOperationsCatalog catalog, FerDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(dataset);
        return catalog.LoadFromEnumerable(dataset.Samples.Select(sample => new FaceImage(sample)));
    }

    /// <summary>Keeps the rows whose <c>Label</c> (text) is one of the task's labels.</summary>
    public static IDataView FilterByTask(this DataOperationsCatalog catalog, IDataView input, EmotionTask task)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(task);
        return catalog.FilterByCustomPredicate<LabelRow>(
            input, row => !(EmotionNames.TryParse(row.Label, out var emotion) && task.Contains(emotion)));
    }

    /// <summary>Keeps the rows whose <c>Usage</c> (text) is one of the given usages.</summary>
    public static IDataView FilterByUsage(this DataOperationsCatalog catalog, IDataView input, params Usage[] usages)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(usages);
        return catalog.FilterByCustomPredicate<UsageRow>(
            input, row => !(Enum.TryParse<Usage>(row.Usage, out var usage) && usages.Contains(usage)));
    }

    /// <summary>
    /// Splits rows at random into a stratified training and test part: both keep the class proportions, unlike <c>TrainTestSplit</c>.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="input">The rows, in the same order at each pass; <paramref name="labelColumnName"/> is read once.</param>
    /// <param name="testFraction">Share of the rows in the test part, 0 to 1, both exclusive.</param>
    /// <param name="labelColumnName">A text or key column.</param>
    /// <param name="seed">Random seed; equal seeds give equal splits.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside its range.</exception>
    /// <exception cref="ArgumentException">The label column is missing or neither text nor key.</exception>
    public static StratifiedParts StratifiedSplit(
        this DataOperationsCatalog catalog, IDataView input, double testFraction = 0.1, string labelColumnName = "Label", int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "The test fraction is above 0 and below 1.");
        var labels = LabelClasses.Read(input, labelColumnName);
        var test = Stratification.Draw([.. labels.Select((label, index) => (index, label))], testFraction, seed);
        var isTest = new bool[labels.Count];
        foreach (var index in test)
            isTest[index] = true;
        return new StratifiedParts(new RowSubset(input, isTest, keep: false), new RowSubset(input, isTest, keep: true));
    }

    private sealed class LabelRow
    {
        public string Label { get; set; } = "";
    }

    private sealed class UsageRow
    {
        public string Usage { get; set; } = "";
    }
}
