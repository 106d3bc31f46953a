using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerMl.Experiments;

/// <summary>Compares two definitions of a study.</summary>
internal static class StudyDifferences
{
    private const int MaxShown = 60;

    /// <summary>Describes the differences of two definitions, such as "metric accuracy, not logLoss".</summary>
    public static string[] Of(StudyDefinition there, StudyDefinition given)
    {
        var (before, now) = (Parts(there), Parts(given));
        return [.. before.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(name => (name, Before: before.GetValueOrDefault(name), Now: now.GetValueOrDefault(name)))
            .Where(part => part.Before != part.Now)
            .Select(part => part.Before is { Length: <= MaxShown } && part.Now is { Length: <= MaxShown }
                ? $"{part.name} {part.Before}, not {part.Now}" : $"another {part.name}")];

        static Dictionary<string, string> Parts(StudyDefinition study)
        {
            var json = JsonSerializer.SerializeToNode(study, FerMlJson.Line)!.AsObject();
            var parts = new Dictionary<string, string>();
            foreach (var (name, value) in json)
                if (value is JsonObject notes && name.Equals(nameof(StudyDefinition.Notes), StringComparison.OrdinalIgnoreCase))
                    foreach (var (note, text) in notes)
                        parts[note] = text?.ToString() ?? "";
                else
                    parts[name.Equals(nameof(StudyDefinition.Space), StringComparison.OrdinalIgnoreCase) ? "search space" : name] =
                        value?.ToString() ?? "";
            return parts;
        }
    }
}
