using System.Globalization;

namespace FerMl;

/// <summary>Formats numbers in messages with the invariant culture.</summary>
internal static class InvariantNumbers
{
    /// <summary>The number with thousands separators: 28,709.</summary>
    public static string Grouped(this int number) => ((long)number).Grouped();

    /// <summary>The number with thousands separators: 28,709.</summary>
    public static string Grouped(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The number with its noun: "1 face", "2 faces", "28,709 faces".</summary>
    /// <param name="number">The number.</param>
    /// <param name="noun">The noun in the singular; the plural appends s.</param>
    public static string Counted(this int number, string noun) => ((long)number).Counted(noun);

    /// <inheritdoc cref="Counted(int, string)"/>
    public static string Counted(this long number, string noun) => $"{number.Grouped()} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>The number with one decimal.</summary>
    public static string ToTenths(this double number) => number.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>The number in a given format.</summary>
    /// <param name="number">The number.</param>
    /// <param name="format">The format; null for the default format.</param>
    public static string Invariant(this IFormattable number, string? format = null) =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
