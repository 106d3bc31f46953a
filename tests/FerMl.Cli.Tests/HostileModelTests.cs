using System.IO.Compression;
using System.Text.Json;
using FerMl.Tests;
using FerMl.Training.Onnx;

namespace FerMl.Cli.Tests;

/// <summary>
/// Malicious models that use only allowed operators: each attack must fail, without affecting anything else.
/// </summary>
public class HostileModelTests : FolderTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    [SetUp]
    public void WriteFaces()
    {
        Folder.Write("faces/blank.png", FaceFiles.Png(new byte[FaceResampler.PixelCount]));
        Folder.Write("faces/real.png", FaceFiles.Png(SyntheticFaces.Create(70, seed: 5)[0].Pixels));
    }

    /// <summary>Tensor sizes that depend on the face: 0 for a blank one, thousands for others.</summary>
    [TestCase("Pad")]
    [TestCase("Resize")]
    [TestCase("Slice")]
    [TestCase("Reshape")]
    public async Task SizesThatAFaceDecides_AreRefusedUnrun(string operation)
    {
        var model = Write(graph =>
        {
            var brightest = Brightest(graph);
            var sizes = graph.Node("Concat", [brightest, brightest, brightest, brightest], null, ("axis", 0));
            return operation switch
            {
                "Pad" => graph.Node("Pad", [EmotionNetwork.InputName, graph.Node("Concat", [sizes, sizes], null, ("axis", 0))]),
                "Resize" => graph.Node("Resize", [EmotionNetwork.InputName, "", "", sizes]),
                "Slice" => graph.Node("Slice", [EmotionNetwork.InputName, sizes, sizes, graph.Integers(0, 1, 2, 3)]),
                _ => graph.Node("Reshape", [EmotionNetwork.InputName, sizes]),
            };
        });
        var (exitCode, output, error) = await PredictAsync(model);
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Contain($"the network in it is rejected: the cost of its operator {operation} is unknown"));
    }

    /// <summary>An index that is out of range for every face except the blank one.</summary>
    [Test]
    public async Task WhatFailsForRealFacesOnly_IsAnErrorOfThoseFaces()
    {
        var model = Write(graph =>
        {
            var three = graph.Node("Mul", [Mean(graph), graph.Floats([0, 0, 0], 1, 3)]);
            var brightest = Brightest(graph);
            var which = graph.Node("Concat", [brightest, brightest, brightest], null, ("axis", 0));
            return graph.Node("Gather", [three, which], null, ("axis", 1));
        });
        var (exitCode, output, error) = await PredictAsync(model);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("blank.png").And.Not.Contain("real.png"), error);
        Assert.That(error, Does.Contain("real.png").And.Contain("can't score"));
    }

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "NaN")]
    [TestCase(float.NegativeInfinity, "NaN")]
    [TestCase(-0.5f, "not probabilities")]
    [TestCase(3e38f, "not numbers")]
    public async Task ScoresThatAreNoProbabilities_AreRefused(float score, string says)
    {
        var zeros = new Func<OnnxGraph, string>(graph => graph.Node("Mul", [Mean(graph), graph.Floats([0, 0, 0], 1, 3)]));
        var model = Write(graph => graph.Node("Add", [zeros(graph), graph.Floats([score, score, score], 1, 3)]), withSoftmax: false);
        var (exitCode, output, error) = await PredictAsync(model);
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Contain(says));
    }

    [TestCase("[\"a\",null,\"c\"]")]
    [TestCase("null")]
    [TestCase("[\"a\",\"a\",\"c\"]")]
    [TestCase("[\"a\",\"\",\"c\"]")]
    [TestCase("[[[[")]
    [TestCase("{\"a\":1}")]
    public async Task LabelsThatAreNone_AreRefused(string labels)
    {
        var (exitCode, output, error) = await PredictAsync(Write(Scores, labels));
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^ferml: hostile.zip: the network in it (names|can't)").And.Property("Length").LessThan(300));
    }

    [TestCase("table")]
    [TestCase("csv")]
    public async Task LabelsThatActOnWhatShowsThem_AreShownWithoutEffect(string format)
    {
        var labels = JsonSerializer.Serialize((string[])["=HYPERLINK(\"//x\")", "\u001b[2J\u202Eb", "[red]c[/]<script>"]);
        var (exitCode, output, error) = await PredictAsync(Write(Scores, labels), "--format", format);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(output + error, Does.Not.Contain("\u001b").And.Not.Contain("\u202E"));
        Assert.That(output.Split('\n', ',').Where(cell => cell.StartsWith('=')), format == "csv" ? Is.Empty : Is.Not.Null);
        (exitCode, _, error) = await Ferml.RunAsync("predict", "--model", Folder.Path("hostile.zip"), Folder.Path("faces"),
            "--out", Folder.Path("lines.jsonl"));
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(File.ReadAllLines(Folder.Path("lines.jsonl")), Has.Length.EqualTo(2));
    }

    /// <summary>Half a gigabyte of zeros, compressed to half a megabyte.</summary>
    [Test]
    public async Task NetworkThatUnpacksToHalfAGigabyte_IsRefusedInLittleMemory()
    {
        var model = Write(Scores);
        using (var zip = ZipFile.Open(model, ZipArchiveMode.Update))
        {
            var entry = zip.Entries.Single(entry => entry.Name == "OnnxModel");
            var name = entry.FullName;
            entry.Delete();
            using var zeros = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
            var chunk = new byte[1 << 20];
            for (var i = 0; i < 500; i++)
                zeros.Write(chunk);
        }
        var before = GC.GetTotalAllocatedBytes();
        var (exitCode, output, error) = await PredictAsync(model);
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("the network is larger than the \\d+ MB that are accepted"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(200 << 20));
    }

    private static string Scores(OnnxGraph graph) => graph.Node("Mul", [Mean(graph), graph.Floats([1, 2, 3], 1, 3)]);

    private static string Mean(OnnxGraph graph) =>
        graph.Node("ReduceMean", [EmotionNetwork.InputName], null, ("axes", new[] { 2, 3 }), ("keepdims", 0));

    /// <summary>Index of the brightest pixel among all faces of the batch; shape [1].</summary>
    private static string Brightest(OnnxGraph graph)
    {
        var row = graph.Node("Reshape", [EmotionNetwork.InputName, graph.Integers(-1)]);
        return graph.Node("ArgMax", [row], null, ("axis", 0), ("keepdims", 1));
    }

    private Task<(int ExitCode, string Output, string Error)> PredictAsync(string model, params string[] options) =>
        Ferml.RunAsync(["predict", "--model", model, Folder.Path("faces"), .. options]);

    /// <summary>Writes a model file with the given network, and returns its path.</summary>
    private string Write(Func<OnnxGraph, string> logits, string? labels = null, bool withSoftmax = true)
    {
        var graph = new OnnxGraph();
        graph.Input(EmotionNetwork.InputName, -1, 1, FaceResampler.Side, FaceResampler.Side);
        var scores = logits(graph);
        graph.Finish(graph.Node(withSoftmax ? "Softmax" : "Flatten", [scores], EmotionNetwork.ScoreName), Labels.Length);
        var onnx = graph.ToModel(new Dictionary<string, string>
        {
            [EmotionNetwork.LabelsKey] = labels ?? JsonSerializer.Serialize(Labels),
        });
        var path = Folder.Path("hostile.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = zip.CreateEntry("TransformerChain/Transform_001/Transform_000/OnnxModel").Open();
        // ML.NET's format: the length, then the bytes.
        entry.Write([.. BitConverter.GetBytes(onnx.Length), .. onnx]);
        return path;
    }
}
