using System.Globalization;

namespace FerMl;

/// <summary>Numbers in messages: the same for every reader, as the words around them are.</summary>
internal static class InvariantNumbers
{
    /// <summary>The number with its thousands set apart: 28,709.</summary>
    public static string Grouped(this int number) => ((long)number).Grouped();

    /// <summary>The number with its thousands set apart: 28,709.</summary>
    public static string Grouped(this long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The number with one digit after the point.</summary>
    public static string ToTenths(this double number) => number.ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>The number in a format.</summary>
    /// <param name="number">The number.</param>
    /// <param name="format">The format; null writes it in full.</param>
    public static string Invariant(this IFormattable number, string? format = null) =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
