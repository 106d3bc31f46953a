using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace FerMl;

/// <summary>
/// Finds and sets a property of an options record by its path, such as <c>LearningRate</c> or <c>Augmentation.Erasing</c>, from text.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = TrimmingReason)]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = TrimmingReason)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = TrimmingReason)]
internal static class OptionProperty
{
    private const string TrimmingReason = "ILLink.Descriptors.xml preserves FerMl; other assemblies with options need untrimmed programs.";

    /// <summary>The property at the end of a path.</summary>
    /// <exception cref="ArgumentException">There is no such property; the message names the wrong part of the path.</exception>
    public static PropertyInfo Find(Type options, string path)
    {
        var names = path.Split('.');
        var property = Of(options, names[0], path);
        return names.Length == 1 ? property : Find(property.PropertyType, string.Join('.', names[1..]));
    }

    /// <summary>
    /// A copy of options with another value for the property. A nested options record that is null starts with its defaults.
    /// </summary>
    /// <param name="options">An options record.</param>
    /// <param name="path">The property's path; former names are accepted.</param>
    /// <param name="value">The value, or its text in invariant culture.</param>
    /// <exception cref="ArgumentException">There is no such property, or the value has the wrong type; the message names it.</exception>
    public static T With<T>(T options, string path, object? value) where T : class => (T)With(options, path.Split('.'), value, path);

    private static object With(object record, ReadOnlySpan<string> names, object? value, string path)
    {
        var property = Of(record.GetType(), names[0], path);
        var clone = record.GetType().GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)?.Invoke(record, null)
            ?? throw new ArgumentException($"{record.GetType().Name} isn't a record, so {path} can't be set on a copy of it.");
        property.SetValue(clone, names.Length == 1
            ? Convert(value, property.PropertyType, path)
            : With(property.GetValue(record) ?? Activator.CreateInstance(property.PropertyType)!, names[1..], value, path));
        return clone;
    }

    private static PropertyInfo Of(Type options, string name, string path) => options.GetProperty(FormerNames.Option(name))
        ?? throw new ArgumentException($"{options.Name} has no option '{name}'{(name == path ? "" : $" (from {path})")}; it has "
            + $"{string.Join(", ", options.GetProperties().Where(other => other.CanWrite).Select(other => other.Name).Order())}.");

    private static object? Convert(object? value, Type type, string path)
    {
        if (value is not string text)
            return value;
        type = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return type.IsEnum ? Enum.Parse(type, text, ignoreCase: true)
                : System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            throw new ArgumentException($"{path}: '{text}' isn't a value of type {type.Name}.", e);
        }
    }
}
