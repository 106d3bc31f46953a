using System.Globalization;
using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// An interpolated text, also one of several parts, whose numbers are written in invariant culture: what files and pages hold.
/// </summary>
[InterpolatedStringHandler]
internal ref struct InvariantText
{
    private DefaultInterpolatedStringHandler _text;

    public InvariantText(int literalLength, int formattedCount) =>
        _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    /// <summary>The text; the handler can't be used after this.</summary>
    public override string ToString() => _text.ToStringAndClear();
}
