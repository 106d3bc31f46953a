using System.Globalization;

namespace FerMl;

/// <summary>Numbers in messages: the same for every reader, as the words around them are.</summary>
internal static class InvariantNumbers
{
    /// <summary>The number with its thousands set apart: 28,709.</summary>
    public static string Grouped(this int number) => ((long)number).Grouped();

    /// <summary>The number with its thousands set apart: 28,709.</summary>
    public static string Grouped(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>So many things: "1 face", "2 faces", "28,709 faces".</summary>
    /// <param name="number">How many.</param>
    /// <param name="noun">What they are called where there is one; others end in s.</param>
    public static string Counted(this int number, string noun) => ((long)number).Counted(noun);

    /// <inheritdoc cref="Counted(int, string)"/>
    public static string Counted(this long number, string noun) => $"{number.Grouped()} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>The number with one digit after the point.</summary>
    public static string ToTenths(this double number) => number.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>The number in a format.</summary>
    /// <param name="number">The number.</param>
    /// <param name="format">The format; null writes it in full.</param>
    public static string Invariant(this IFormattable number, string? format = null) =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
