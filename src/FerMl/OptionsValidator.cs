using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace FerMl;

/// <summary>
/// Validates options before any work starts, in the same way for all option records: the ranges in their attributes, the rules across
/// properties in <see cref="IValidatableObject"/>, and nested option records.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "ILLink.Descriptors.xml keeps FerMl's options whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "ILLink.Descriptors.xml keeps FerMl's options whole.")]
internal static class OptionsValidator
{
    /// <exception cref="ValidationException">A value is outside its range; the message names it and the range.</exception>
    public static void Check(object options)
    {
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            throw new ValidationException(Message(options, wrong[0]));
        foreach (var property in options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
            if (IsOptions(property.PropertyType) && property.GetValue(options) is { } nested)
                Check(nested);
    }

    /// <summary>Whether a type is an options record, by its name.</summary>
    private static bool IsOptions(Type type) =>
        type.Assembly.GetName().Name!.StartsWith(nameof(FerMl), StringComparison.Ordinal)
        && type.Name.EndsWith("Options", StringComparison.Ordinal);

    private static string Message(object options, ValidationResult wrong)
    {
        if (wrong.MemberNames.FirstOrDefault() is not { } name)
            return wrong.ErrorMessage!;
        var property = options.GetType().GetProperty(name)!;
        var start = FormattableString.Invariant($"{name} is {property.GetValue(options)}; it must");
        // The attribute's own message formats numbers in the current culture.
        if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(property.GetValue(options)))
            // The largest value of the type as maximum means that there is no upper limit.
            return range.Maximum is int.MaxValue or (double)long.MaxValue
                ? FormattableString.Invariant($"{start} be at least {range.Minimum}.")
                : FormattableString.Invariant($"{start} be between {range.Minimum}{(range.MinimumIsExclusive ? " exclusive" : "")} and ")
                    + FormattableString.Invariant($"{range.Maximum}{(range.MaximumIsExclusive ? " exclusive" : "")}.");
        return wrong.ErrorMessage!.Replace($"The field {name} must", start, StringComparison.Ordinal);
    }
}
