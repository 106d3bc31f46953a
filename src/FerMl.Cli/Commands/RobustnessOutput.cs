using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>The output of <c>ferml evaluate --robustness</c>: a model's accuracy on corrupted faces as a table, JSON and a chart.</summary>
internal static class RobustnessOutput
{
    /// <param name="folder">Folder for robustness.json and robustness.svg.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <param name="curves">The result.</param>
    /// <param name="what">The subject, for the chart's title.</param>
    public static void Write(string folder, bool overwrite, IReadOnlyList<RobustnessCurve> curves, string what)
    {
        AtomicFile.WriteText(JsonPath(folder), ToJson(curves) + "\n", overwrite);
        AtomicFile.WriteText(ChartPath(folder), RobustnessChart.ToSvg(curves, what), overwrite);
    }

    public static string JsonPath(string folder) => Path.Combine(folder, "robustness.json");

    public static string ChartPath(string folder) => Path.Combine(folder, "robustness.svg");

    public static string ToJson(IReadOnlyList<RobustnessCurve> curves) => JsonSerializer.Serialize(curves, FerMlJson.Options);

    /// <summary>The table, at most 80 columns wide: the accuracies of each corruption, with the severity below each.</summary>
    public static Table TableOf(IReadOnlyList<RobustnessCurve> curves)
    {
        var table = new Table().Title("accuracy on corrupted faces, and the severity").AddColumn("corruption")
            .AddColumn(new TableColumn("none").RightAligned());
        for (var i = 1; i < curves[0].Points.Count; i++)
            table.AddColumn(new TableColumn($"{i}").RightAligned());
        foreach (var curve in curves)
            table.AddRow([
                $"{RobustnessChart.NameOf(curve.Corruption)}\n{curve.Unit}",
                $"{curve.Points[0].Accuracy:P0}",
                .. curve.Points.Skip(1).Select(point => FormattableString.Invariant($"{point.Accuracy:P0}\n{point.Severity}"))]);
        return table;
    }
}
