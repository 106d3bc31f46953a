using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FerMl.Cli;

/// <summary>Bounds of an option's value, which appear in its help and are checked when the command line is parsed.</summary>
internal static class OptionBounds
{
    /// <summary>Limits the option to values between two bounds, inclusive.</summary>
    public static Option<T> Between<T>(this Option<T> option, double low, double high)
    {
        var bounds = string.Create(CultureInfo.InvariantCulture, $"{low} to {high}");
        return option.Bounded(
            bounds, value => value >= low && value <= high, string.Create(CultureInfo.InvariantCulture, $"between {low} and {high}"));
    }

    /// <summary>Limits the option to values from a minimum on.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, double low) =>
        option.Bounded(string.Create(CultureInfo.InvariantCulture, $"{low} or more"), value => value >= low,
            string.Create(CultureInfo.InvariantCulture, $"at least {low}"));

    /// <summary>Shows the values of an enumeration in the help, and refuses some of them.</summary>
    public static Option<T> Choices<T>(this Option<T> option, params T[] except) where T : struct, Enum
    {
        var names = Enum.GetValues<T>().Except(except).Select(value => value.ToString().ToLowerInvariant()).ToArray();
        option.HelpName = string.Join('|', names);
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0 || !Enum.TryParse<T>(result.Tokens[^1].Value, true, out var value))
                return;
            if (except.Contains(value))
                result.AddError($"{option.Name} '{result.Tokens[^1].Value}' isn't available here; use one of {string.Join(", ", names)}.");
        });
        return option;
    }

    private static Option<T> Bounded<T>(this Option<T> option, string inHelp, Func<double, bool> isWithin, string inError)
    {
        option.Description = option.Description!.Insert(option.Description!.IndexOf('.', StringComparison.Ordinal), $" ({inHelp})");
        option.Validators.Add(result =>
        {
            if (ValueOf<T>(result) is { } value && !isWithin(value))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; it must be {inError}."));
        });
        return option;
    }

    /// <summary>The given number; null if there is none or it is invalid, which the parser reports.</summary>
    private static double? ValueOf<T>(OptionResult result)
    {
        try
        {
            return result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is IConvertible value
                ? value.ToDouble(CultureInfo.InvariantCulture)
                : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
