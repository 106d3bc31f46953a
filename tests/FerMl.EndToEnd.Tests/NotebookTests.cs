using System.Text.Json.Nodes;
using FerMl.Tests;
using Microsoft.DotNet.Interactive.Formatting;

namespace FerMl.EndToEnd.Tests;

/// <summary>
/// Runs every cell of every notebook, in order, in a folder without FER2013, so that synthetic faces replace it. The saved outputs must
/// have the same kinds and belong to the current code. FERML_UPDATE_SNAPSHOTS=1 writes them instead.
/// </summary>
[NonParallelizable]
public class NotebookTests
{
    private static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Repository.File("notebooks"), "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    [Test]
    public void There_AreSix() => Assert.That(Names.Count(), Is.EqualTo(6));

    [TestCaseSource(nameof(Names))]
    public async Task EveryCell_Runs_AndItsOutputsAreOfTheseKinds(string name)
    {
        var notebook = new Notebook(Repository.File($"notebooks/{name}.ipynb"));
        var code = notebook.Cells.Where(Notebook.IsCode).ToArray();
        var kernel = new NotebookKernel();
        var outputs = new List<JsonArray>();
        var before = Environment.CurrentDirectory;
        using var folder = new TestFolder();
        Environment.CurrentDirectory = folder.Root;
        try
        {
            foreach (var cell in code)
                outputs.Add(IsPackages(cell) ? [] : await kernel.Run(Notebook.SourceOf(cell)));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.That(outputs.Sum(output => output.Count), Is.GreaterThanOrEqualTo(3), "the notebook has outputs");
        if (Environment.GetEnvironmentVariable("FERML_UPDATE_SNAPSHOTS") == "1")
        {
            notebook.Save(outputs);
            return;
        }
        for (var i = 0; i < code.Length; i++)
            Assert.That(Notebook.KindsOf(code[i]["outputs"]!.AsArray()), Is.EqualTo(Notebook.KindsOf(outputs[i])),
                Notebook.SourceOf(code[i]));
        Assert.That(notebook.CodeOfOutputs, Is.EqualTo(notebook.Code),
            "the saved outputs belong to other code; run this test with FERML_UPDATE_SNAPSHOTS=1");
    }

    [TestCaseSource(nameof(Names))]
    public void Text_StandsBeforeEachCodeCell_AndPackagesComeFirst(string name)
    {
        var notebook = new Notebook(Repository.File($"notebooks/{name}.ipynb"));
        Assert.That(notebook.Language, Is.EqualTo(".net-csharp"));
        var cells = notebook.Cells;
        for (var i = 0; i < cells.Count; i++)
            if (Notebook.IsCode(cells[i]))
                Assert.That(i > 0 && !Notebook.IsCode(cells[i - 1]), Notebook.SourceOf(cells[i]));
        Assert.That(cells.Where(Notebook.IsCode).Select(IsPackages), Is.EqualTo(cells.Where(Notebook.IsCode).Select((_, i) => i == 0)),
            "only the first code cell adds packages");
        Assert.That(Notebook.SourceOf(cells.First(Notebook.IsCode)), Does.Contain($", {Version}-*\""));
        Assert.That(Notebook.SourceOf(cells[0]), Does.Contain("eng/notebooks.sh"), "the first cell says how to start");
        Assert.That(cells.Where(Notebook.IsCode).SelectMany(cell => Notebook.SourceOf(cell).Split('\n')),
            Is.All.Matches<string>(line => line.Length <= 84), "cells have at most 84 columns");
    }

    /// <summary>.NET Interactive's own formatters find FerMl's by convention.</summary>
    [Test]
    public void Types_ShowThemselves()
    {
        var faces = SyntheticFaces.Create(70, seed: 3);
        using var predictor = EmotionPredictor.LoadDefault(PretrainedModel.SevenFast);
        var evaluation = EmotionEvaluation.Run(predictor, faces);
        var html = new List<string>
        {
            Shown(faces, faces.ToHtml()), Shown(predictor.Predict(faces[0].Pixels, 48, 48), "surprise"),
                Shown(evaluation, evaluation.ToHtml()), Shown(evaluation.Metrics, evaluation.Metrics.ToHtml()),
            Shown(EmotionModel.LoadPretrained().Card!, "<td style=\"text-align:left;padding:0.1em 0.6em\">parameters</td>"),
        };
        Assert.That(html, Is.All.StartsWith("<table>"));
        Assert.That(html[0], Does.Contain("PublicTest").And.Contain(">8<"), "70 faces are 56, 7 and 7, so 8 of each to train");

        static string Shown(object value, string expected)
        {
            var html = value.ToDisplayString("text/html");
            Assert.That(html, Does.Contain(expected));
            return html;
        }
    }

    private static string Version =>
        System.Xml.Linq.XDocument.Load(Repository.File("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    private static bool IsPackages(JsonObject cell) => Notebook.SourceOf(cell).StartsWith("#r \"nuget:", StringComparison.Ordinal);
}
