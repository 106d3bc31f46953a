using System.Globalization;
using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>An interpolated string handler for files and pages, which formats values with the invariant culture.</summary>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private DefaultInterpolatedStringHandler _text;

    public InvariantText(int literalLength, int formattedCount) =>
        _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    /// <summary>Returns the text and clears the handler, which can't be used afterwards.</summary>
    public override string ToString() => _text.ToStringAndClear();
}
