using System.Globalization;

namespace FerMl.Experiments;

/// <summary>The notes of a study that describe what its trials train.</summary>
internal static class StudyNotes
{
    public const string Data = "data", Task = "task", Preset = "preset", Limit = "limit", SkipBadRows = "skipBadRows",
        Labels = "labels", CustomLabels = "customLabels", Ignore = "ignore", Annotation = "annotation", Votes = "votes";

    public static Dictionary<string, string> Of(string task, string preset, int? limit)
    {
        var notes = new Dictionary<string, string> { [Task] = task, [Preset] = preset };
        if (limit is { } count)
            notes[Limit] = count.ToString(CultureInfo.InvariantCulture);
        return notes;
    }
}
