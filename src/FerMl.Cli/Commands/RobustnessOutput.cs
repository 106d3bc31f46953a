using System.Globalization;
using System.Text.Json;
using FerMl.Vision;
using Spectre.Console;

namespace FerMl.Cli.Commands;

/// <summary>The second half of <c>ferml evaluate --robustness</c>: a model on faces made worse, as a table, JSON and a chart.</summary>
internal static class RobustnessOutput
{
    /// <param name="folder">Where robustness.json and robustness.svg go, or null for nowhere.</param>
    /// <param name="overwrite">Whether such files may be replaced.</param>
    /// <param name="curves">The result.</param>
    /// <param name="what">What was measured, for the chart's title.</param>
    public static void Write(string folder, bool overwrite, IReadOnlyList<RobustnessCurve> curves, string what)
    {
        AtomicFile.WriteText(JsonPath(folder), ToJson(curves) + "\n", overwrite);
        AtomicFile.WriteText(ChartPath(folder), RobustnessChart.ToSvg(curves, what), overwrite);
    }

    public static string JsonPath(string folder) => Path.Combine(folder, "robustness.json");

    public static string ChartPath(string folder) => Path.Combine(folder, "robustness.svg");

    public static string ToJson(IReadOnlyList<RobustnessCurve> curves) => JsonSerializer.Serialize(curves, FerMlJson.Options);

    public static void Print(IReadOnlyList<RobustnessCurve> curves, Terminal terminal)
    {
        var table = new Table().Title("accuracy on faces made worse").AddColumn("corruption").AddColumn("severity");
        table.AddColumn(new TableColumn("none").RightAligned());
        for (var i = 1; i < curves[0].Points.Count; i++)
            table.AddColumn(new TableColumn($"{i}").RightAligned());
        foreach (var curve in curves)
            table.AddRow([
                RobustnessChart.NameOf(curve.Corruption),
                $"{string.Join(", ", curve.Points.Skip(1).Select(point => point.Severity.ToString(CultureInfo.InvariantCulture)))} "
                    + $"{curve.Unit}",
                .. curve.Points.Select(point => $"{point.Accuracy:P1}")]);
        terminal.Output.Write(table);
    }
}
