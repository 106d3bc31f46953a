using System.Globalization;

namespace FerMl.Experiments;

/// <summary>
/// A survey of labeled faces before anything is fitted to them: their numbers, and problems that could inflate metrics.
/// </summary>
/// <param name="Faces">Number of faces.</param>
/// <param name="ByLabel">Number of faces per label, in the task's order.</param>
/// <param name="Duplicates">Number of faces that are identical, pixel for pixel, to another one.</param>
/// <param name="Conflicts">Number of groups of duplicates with different labels.</param>
/// <param name="Sizes">Shorter sides of the smallest and the largest image in pixels, and how many are below 48; null for tables.</param>
/// <param name="People">File name prefixes that seem to identify people; empty if there are none.</param>
public sealed record DataSurvey(
    int Faces, IReadOnlyList<(string Label, int Count)> ByLabel, int Duplicates, int Conflicts,
    (int Smallest, int Largest, int Small)? Sizes, IReadOnlyList<string> People)
{
    private const double MaxImbalance = 10;
    private const int FewFaces = 10, MinFacesEach = 2, MaxNamed = 3, LargeFace = 600;

    /// <summary>Surveys faces.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="task">The task with their labels.</param>
    public static DataSurvey Of(FerDataset faces, EmotionTask task)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(task);
        var audit = DuplicateAudit.Of(faces);
        var labels = faces.Samples.CountBy(face => face.Label).ToDictionary();
        return new DataSurvey(
            faces.Count, [.. task.Labels.Select(label => (label, labels.GetValueOrDefault(label)))], audit.Groups.Sum(group =>
                group.Count - 1),
            audit.ConflictingGroups,
            faces.ImageSizes is { } sizes ? (sizes.Smallest, sizes.Largest, sizes.Small) : null, PeopleIn(faces));
    }

    /// <summary>The findings, one sentence each.</summary>
    public IReadOnlyList<string> Sentences()
    {
        var counts = string.Join(", ", ByLabel.Select(label => $"{label.Label} {label.Count.Grouped()}"));
        var sentences = new List<string> { $"{Faces.Counted("face")}, {ByLabel.Count.Counted("label")}: {counts}." };
        var (least, most) = (ByLabel.MinBy(label => label.Count), ByLabel.MaxBy(label => label.Count));
        if (least.Count > 0 && most.Count >= MaxImbalance * least.Count)
            sentences.Add(
                $"{most.Label} has {((double)most.Count / least.Count).Invariant("0")} times as many faces as {least.Label}; more faces of "
                    + $"{least.Label} help most.");
        foreach (var (label, count) in ByLabel.Where(label => label.Count is > 0 and < FewFaces))
            sentences.Add($"{label} has {(count == 1 ? "a single face" : $"{count.Counted("face")}")}; its metrics are imprecise.");
        if (Sizes is { } found && (found.Smallest, found.Largest) != (FaceResampler.Side, FaceResampler.Side))
            sentences.Add(
                $"Images are of {found.Smallest.Grouped()} to {found.Largest.Counted("pixel")} (shorter side) and become 48x48"
                    + (found.Small > 0 ? $"; {SmallOnes(found.Small)} smaller than that, and blurred" : "")
                    + (found.Largest > LargeFace ? "; crop large photographs to the face first, as PhotoReader finds it"
                        : "") + ".");
        if (Duplicates > 0)
            sentences.Add(
                $"{Duplicates.Counted("duplicate face")}, pixel for pixel; duplicates across training and validation inflate metrics.");
        if (Conflicts > 0)
            sentences.Add($"{Conflicts.Grouped()} groups of duplicates have different labels.");
        if (People.Count > 0)
            sentences.Add(
                $"File names suggest {People.Count.Grouped()} people ({string.Join(", ", People.Take(MaxNamed))}"
                    + (People.Count > MaxNamed ? ", ...)" : ")") + "; the same people are in training and in validation, so "
                    + "the metrics are for people whom the model has seen.");
        return sentences;
    }

    private static string SmallOnes(int count) => count == 1 ? "one is" : $"{count.Grouped()} are";

    /// <summary>
    /// File name prefixes, up to the first separator or a number at the end, if several of them have faces with several labels each. CK+,
    /// JAFFE, KDEF and folders of private photos identify people that way.
    /// </summary>
    private static string[] PeopleIn(FerDataset faces)
    {
        var groups = faces.Samples.Select(face => (Name: BeginningOf(face.Id), face.Label)).Where(face => face.Name.Length > 0)
            .GroupBy(face => face.Name, StringComparer.OrdinalIgnoreCase).ToArray();
        var people = groups.Where(
            group => group.Count() >= MinFacesEach && group.Select(face => face.Label).Distinct().Count() > 1).ToArray();
        // Names of data sets and labels are prefixes, too, but there are few of them.
        return people.Length >= 3 && people.Sum(group => group.Count()) * 2 > faces.Count
            ? [.. people.Select(group => group.Key).Order(StringComparer.OrdinalIgnoreCase)] : [];
    }

    private static string BeginningOf(string id)
    {
        var name = Path.GetFileNameWithoutExtension(id.Split('/')[^1]);
        var end = name.IndexOfAny(['_', '-', '.', ' ']);
        var prefix = end > 0 ? name[..end] : name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return prefix.All(char.IsAsciiDigit) && end <= 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{prefix}");
    }
}
