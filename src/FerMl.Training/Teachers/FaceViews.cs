using System.Text.Json;
using System.Text.Json.Nodes;

namespace FerMl.Training;

/// <summary>Teachers' views, bound to the faces and labels of one training.</summary>
internal sealed class FaceViews
{
    private readonly TeacherViews _views;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly float _weight;

    private FaceViews(TeacherViews views, int[] rows, int[] columns, double weight) =>
        (_views, _rows, _columns, _weight) = (views, rows, columns, (float)weight);

    /// <summary>Views of each face.</summary>
    public int Count => _views.ViewCount;

    /// <summary>Seed of the changes.</summary>
    public int Seed => _views.Seed;

    /// <param name="pixels">The pixels of each face.</param>
    /// <param name="count">Number of faces.</param>
    /// <param name="training">The faces that are trained on.</param>
    /// <param name="classNames">The labels.</param>
    /// <param name="options">The training's options, with views.</param>
    /// <exception cref="TrainingException">The views are of other faces, labels or changes.</exception>
    public static FaceViews Bind(
        Func<int, UInt128> pixels, int count, int[] training, string[] classNames, EmotionTrainerOptions options)
    {
        var views = options.TeacherViews!;
        var columns = Array.ConvertAll(classNames, label => views.Labels.ToList().IndexOf(label) is var place and >= 0 ? place
            : throw new TrainingException($"{views.Name} has no score for '{label}'; it scores {string.Join(", ", views.Labels)}."));
        if (Differences(views, options) is [_, ..] differences)
            throw new TrainingException(
                $"{views.Name} is of faces that were changed otherwise than this training changes them: "
                    + $"{string.Join("; ", differences)}. Give the options that it was made with, or make it anew.");
        int[] rows = [.. Enumerable.Range(0, count).Select(face => views.RowOf(pixels(face)))];
        var missing = training.Count(face => rows[face] < 0);
        return missing == 0 ? new FaceViews(views, rows, columns, options.TeacherWeight)
            : throw new TrainingException(
                $"{views.Name} has no scores for {missing.Grouped()} of the {training.Length.Counted("face")} to train on; make it of "
                    + $"the same data.");
    }

    /// <summary>Blends the teachers' scores of a view into a face's target probabilities.</summary>
    public void Blend(int face, int view, Span<float> targets)
    {
        var scores = _views.ScoresOf(_rows[face], view);
        var sum = 0f;
        foreach (var column in _columns)
            sum += (float)scores[column];
        if (sum <= 0)
            return;
        for (var c = 0; c < targets.Length; c++)
            targets[c] = (1 - _weight) * targets[c] + _weight * (float)scores[_columns[c]] / sum;
    }

    /// <summary>SHA-256 of what they add to the data.</summary>
    public byte[] Fingerprint() => _views.Fingerprint();

    private static string[] Differences(TeacherViews views, EmotionTrainerOptions options)
    {
        var (own, theirs) = (Plain(options.Augmentation!), Plain(views.Augmentation));
        return
        [
            .. options.CropSize == views.CropSize ? (string[])[] : [$"crops of {views.CropSize} pixels, not {options.CropSize}"],
            .. own.Where(change => !JsonNode.DeepEquals(change.Value, theirs[change.Key]))
                .Select(change => $"{change.Key} was {theirs[change.Key]?.ToJsonString()} and is {change.Value?.ToJsonString()}"),
        ];

        // Without what blends faces after they are changed.
        static JsonObject Plain(AugmentationOptions augmentation) => JsonSerializer.SerializeToNode(
            augmentation with { MixupAlpha = 0, CutMixAlpha = 0, MixesPairwise = false }, FerMlJson.Line)!.AsObject();
    }
}
