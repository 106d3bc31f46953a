using System.Globalization;
using FerMl.Reporting;

namespace FerMl.Cli.Commands;

/// <summary>
/// The output of <c>ferml evaluate --predictions</c>: a table with one row per face, worst errors first, and a contact sheet of the
/// worst next to it.
/// </summary>
internal static class EvaluatedFaces
{
    private const int Shown = 42;

    /// <summary>Path of the contact sheet.</summary>
    public static string SheetPath(string table) => Path.ChangeExtension(table, ".svg");

    /// <exception cref="IOException">A file exists and may not be replaced, or can't be written.</exception>
    public static void Write(string path, EmotionEvaluation evaluation, string title, bool overwrite)
    {
        AtomicFile.WriteText(path, Table(evaluation), overwrite);
        AtomicFile.WriteText(SheetPath(path), evaluation.WorstMistakes(Shown, title).Svg, overwrite);
    }

    private static string Table(EmotionEvaluation evaluation)
    {
        var labels = evaluation.Metrics.Labels;
        var hasVotes = evaluation.Faces.Any(face => face.Face.Votes is not null);
        string[] votes = hasVotes ? [.. EmotionTask.Eight.Labels, "unknown", "not_face"] : [];
        string[] header = [
            "id", "usage", "label", "predicted", "right", .. labels.Select(label => $"score_{label}"),
            .. votes.Select(label => $"votes_{label}")];
        return Csv.Of(header, evaluation.WorstFirst.Select(face => (string[])[
            face.Face.Id, face.Face.Usage.ToString(), face.Face.Label, face.Prediction.Label,
            face.IsRight ? "true" : "false",
            .. face.Prediction.Scores.Select(score => score.Score.ToString("0.######", CultureInfo.InvariantCulture)),
            .. hasVotes ? Votes(face.Face.Votes ?? default) : []]));
    }

    private static string[] Votes(EmotionVotes votes) =>
        [.. EmotionTask.Eight.Emotions.Select(emotion => Text(votes[emotion])), Text(votes.Unknown), Text(votes.NotFace)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
