using System.Globalization;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace FerMl.Tests;

/// <summary>
/// Runs the libraries' tests with a decimal comma, as in Germany or Brazil: stored and compared values must not have one. Made from the
/// invariant culture, since a minimal machine has no other.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class CommaCultureAttribute : NUnitAttribute, IApplyToContext
{
    public static CultureInfo Culture { get; } = Create();

    public void ApplyToContext(TestExecutionContext context)
    {
        context.CurrentCulture = Culture;
        CultureInfo.DefaultThreadCurrentCulture = Culture;
    }

    private static CultureInfo Create()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        var numbers = culture.NumberFormat;
        (numbers.NumberDecimalSeparator, numbers.NumberGroupSeparator, numbers.PercentDecimalSeparator, numbers.PercentGroupSeparator,
            numbers.CurrencyDecimalSeparator, numbers.NegativeSign) = (",", ".", ",", ".", ",", "\u2212");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator) = (".", "h");
        return culture;
    }
}
