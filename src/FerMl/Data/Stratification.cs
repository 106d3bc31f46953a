namespace FerMl;

/// <summary>Stratified random sampling.</summary>
internal static class Stratification
{
    /// <summary>
    /// Draws the same share of each class. Counts are rounded by largest remainder, so that the total is right too. A class of two or more
    /// items is never left out or drawn completely, unless the share is 0 or 1.
    /// </summary>
    /// <returns>The keys of the drawn items, in their given order.</returns>
    public static int[] Draw((int Key, int Class)[] items, double share, int seed)
    {
        var random = new Random(seed);
        var classes = items.GroupBy(item => item.Class).OrderBy(group => group.Key)
            .Select(group => group.Select(item => item.Key).ToArray()).ToArray();
        var exact = classes.Select(keys => keys.Length * share).ToArray();
        var counts = exact.Select(value => (int)value).ToArray();
        var missing = (int)Math.Round(items.Length * share) - counts.Sum();
        foreach (var index in Enumerable.Range(0, classes.Length).OrderByDescending(index => exact[index] - counts[index])
            .Take(Math.Max(0, missing)))
            counts[index]++;

        var drawn = new HashSet<int>();
        for (var c = 0; c < classes.Length; c++)
        {
            if (share is > 0 and < 1 && classes[c].Length > 1)
                counts[c] = Math.Clamp(counts[c], 1, classes[c].Length - 1);
            random.Shuffle(classes[c]);
            drawn.UnionWith(classes[c].Take(counts[c]));
        }
        return [.. items.Select(item => item.Key).Where(drawn.Contains)];
    }
}
