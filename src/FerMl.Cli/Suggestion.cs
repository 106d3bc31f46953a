namespace FerMl.Cli;

/// <summary>Suggestions for mistyped words.</summary>
internal static class Suggestion
{
    /// <summary>The most similar word by edit distance, or null if none is close.</summary>
    /// <param name="typed">The mistyped word.</param>
    /// <param name="words">The valid words.</param>
    public static string? For(string typed, IEnumerable<string> words) => words
        .Select(word => (Word: word, Distance: Distance(typed, word))).OrderBy(found => found.Distance)
        .FirstOrDefault(found => found.Distance <= Math.Max(1, Math.Min(typed.Length, found.Word.Length) / 3)).Word;

    /// <summary>Number of letters to insert, delete, replace or swap with the next (Damerau, 1964).</summary>
    internal static int Distance(string one, string other)
    {
        var distances = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            for (var k = 0; k <= other.Length; k++)
            {
                var isSame = i > 0 && k > 0 && one[i - 1] == other[k - 1];
                distances[i, k] = i == 0 ? k : k == 0 ? i : Math.Min(
                    Math.Min(distances[i - 1, k], distances[i, k - 1]) + 1, distances[i - 1, k - 1] + (isSame ? 0 : 1));
                if (i > 1 && k > 1 && one[i - 1] == other[k - 2] && one[i - 2] == other[k - 1])
                    distances[i, k] = Math.Min(distances[i, k], distances[i - 2, k - 2] + 1);
            }
        return distances[one.Length, other.Length];
    }
}
