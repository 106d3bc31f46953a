using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>Parses FER2013's pixel column: 2,304 pixel values in decimal, separated by blanks.</summary>
internal static class PixelText
{
    /// <returns>Null on success, otherwise the problem.</returns>
    public static string? Parse(ReadOnlySpan<char> text, Span<byte> face) =>
        TryParse(text, face) || TryParse(Plain(text), face) ? null : Diagnose(Plain(text), face.Length);

    /// <summary>
    /// Converts the notations of data frames and lists, <c>[70, 80]</c>, <c>70,80</c> and <c>70.0 80.0</c>, to numbers separated by blanks.
    /// </summary>
    private static string Plain(ReadOnlySpan<char> text) => string.Join(' ', text.ToString().Trim(' ', '[', ']', '(', ')', '"')
        .Split([' ', ',', ';', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.IndexOf('.', StringComparison.Ordinal) is > 0 and var point && word[(point + 1)..].All(c => c == '0')
            ? word[..point] : word));

    // Optimized at the first call: most processes read one file, before tiered compilation would optimize this.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryParse(ReadOnlySpan<char> text, Span<byte> face)
    {
        var (count, value, digits) = (0, 0u, 0);
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit <= 9)
            {
                value = value * 10 + digit;
                digits++;
            }
            else if (c != ' ')
            {
                return false;
            }
            else if (digits > 0)
            {
                if (value > 255 || digits > 3 || count >= face.Length)
                    return false;
                face[count++] = (byte)value;
                (value, digits) = (0, 0);
            }
        }
        if (digits > 0)
        {
            if (value > 255 || digits > 3 || count >= face.Length)
                return false;
            face[count++] = (byte)value;
        }
        return count == face.Length;
    }

    /// <summary>Describes the problem in an invalid text; slower, since it is rarely called.</summary>
    private static string Diagnose(ReadOnlySpan<char> text, int expected)
    {
        var count = 0;
        foreach (var range in text.Split(' '))
        {
            var word = text[range];
            if (word.IsEmpty)
                continue;
            count++;
            if (word.Length > 3 || !byte.TryParse(word, System.Globalization.NumberStyles.None, null, out _))
                return $"pixel {count.Grouped()} is '{CsvTable.Shorten(word)}'; expected 0 to 255";
        }
        return $"{count.Counted("pixel")}; expected {expected.Grouped()} (48x48)";
    }
}
