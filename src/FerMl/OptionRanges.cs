using System.ComponentModel.DataAnnotations;

namespace FerMl;

/// <summary>Checks options against the ranges that stand on their properties.</summary>
internal static class OptionRanges
{
    /// <exception cref="ValidationException">A value is outside its range; the message names it and the range.</exception>
    public static void Check(object options)
    {
        var wrong = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            return;
        var name = wrong[0].MemberNames.First();
        var value = options.GetType().GetProperty(name)!.GetValue(options);
        throw new ValidationException(wrong[0].ErrorMessage!.Replace($"The field {name} must", $"{name} is {value}; it must", StringComparison.Ordinal));
    }
}
