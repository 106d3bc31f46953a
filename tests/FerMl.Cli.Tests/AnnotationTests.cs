using System.Text.Json.Nodes;
using System.Xml.Linq;
using FerMl.Tests;

namespace FerMl.Cli.Tests;

/// <summary><c>--annotation ferplus</c> in the commands that read data, and the predictions that <c>ferml evaluate</c> writes.</summary>
public class AnnotationTests : FolderTests
{
    // neutral, happy, surprise, sad, anger, disgust, fear, contempt, unknown, no face
    private static readonly string[] Votes = ["8,0,0,2,0,0,0,0,0,0", "0,9,0,0,0,0,0,1,0,0", "0,0,0,5,0,0,0,5,0,0", "0,0,2,0,0,0,0,7,1,0"];

    [Test]
    public async Task Evaluate_OnVotes_SaysHowPeopleAgree_AndLeavesOutFacesWithoutMajority()
    {
        var (exitCode, output, error) = await Ferml.RunAsync([
            "evaluate", "--model", "ferplus-fast", .. Data(40), "--annotation", "ferplus", "--json"]);
        Assert.That(exitCode, Is.Zero, error);
        var json = JsonNode.Parse(output)!;
        Assert.That(((int)json["count"]!, (string)json["annotation"]!), Is.EqualTo((3, "ferplus")));
        // 8 of 10, 9 of 10 and 7 of 9 emotion votes agree with the majority of the others.
        Assert.That((double)json["votes"]!["annotatorAgreement"]!, Is.EqualTo((0.8 + 0.9 + 7 / 9.0) / 3).Within(1e-6));
        Assert.That(error, Does.Contain("Labels are the majority of FER+ votes. Faces left out: 10 (0 without a majority, 10 more with a "
            + "tie, 0 unknown, 0 that show no face)."));
        (_, output, _) = await Ferml.RunAsync(["evaluate", "--model", "ferplus-fast", .. Data(40), "--annotation", "ferplus"]);
        Assert.That(output, Does.Contain("majority of FER+ votes").And.Contain("inter-annotator agreement (leave one out)"));
    }

    [Test]
    public async Task Evaluate_Predictions_AreSortedByHowWrong_WithASheetBesideThem()
    {
        var table = Folder.Path("p/predictions.csv");
        string[] command = ["evaluate", "--model", "fer7-fast", .. Data(40), "--predictions", table];
        var (exitCode, _, error) = await Ferml.RunAsync(command);
        Assert.That(exitCode, Is.Zero, error);
        var rows = File.ReadAllLines(table).Select(line => line.Split(',')).ToArray();
        Assert.That(rows[0][..7], Is.EqualTo((string[])["id", "usage", "label", "predicted", "right", "score_anger", "score_disgust"]));
        Assert.That(rows[0][^2..], Is.EqualTo((string[])["votes_unknown", "votes_not_face"]));
        double True(string[] row) => double.Parse(
            row[Array.IndexOf(rows[0], $"score_{row[2]}")], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(rows.Skip(1).Select(True), Is.Ordered.And.Exactly(4).Items);
        Assert.That(rows.Skip(1).Select(row => row[4]), Is.EqualTo(rows.Skip(1).Select(row => row[2] == row[3] ? "true" : "false")));
        Assert.That(XDocument.Load(Folder.Path("p/predictions.svg")).Root!.Name.LocalName, Is.EqualTo("svg"));
        (exitCode, _, error) = await Ferml.RunAsync(command);
        Assert.That((exitCode, error.Contains("predictions.csv", StringComparison.Ordinal)), Is.EqualTo((ExitCode.Failed, true)));
        (exitCode, _, _) = await Ferml.RunAsync([.. command, "--overwrite"]);
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task Train_OnVotes_IsAModelOfEight_WhoseCardSaysSo()
    {
        var folder = Folder.Path("run");
        var (exitCode, _, error) = await Ferml.RunAsync([
            "train", .. Data(160), "--annotation", "ferplus", "--keep-without-majority", "--auxiliary-head", "fer2013", "--preset", "tiny",
            "--epochs", "1", "--batch-size", "8", "--validation", "0.2", "--out", folder]);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("kept without a majority, labeled with the emotion that has the most votes"));
        var card = EmotionModel.Load(Path.Combine(folder, "model.zip")).Card!;
        Assert.That((card.Task, card.Data!.Annotation), Is.EqualTo(("eight", "ferplus")));
        Assert.That(((string)card.Options!["votesMode"]!, (double)card.Options["votesWeight"]!), Is.EqualTo(("probability", 1.0)));
        (exitCode, _, error) = await Ferml.RunAsync("train", "--resume", folder);
        Assert.That(exitCode, Is.Zero, error);
    }

    [TestCase("train --data synthetic --annotation ferplus --preset tiny --epochs 1 --out {0}/x", "Synthetic faces have no votes")]
    [TestCase("train --data {0}/fer2013.csv --annotation ferplus --preset tiny --epochs 1 --out {0}/x", "give fer2013new.csv with --votes")]
    [TestCase("train --data {0}/fer2013.csv --keep-without-majority --preset tiny --out {0}/x", "goes with --annotation ferplus")]
    [TestCase("evaluate --model fer7-fast --data {0}/fer2013.csv --predictions {0}/x.svg", "--predictions names a table")]
    public async Task WhatDoesNotGoTogether_IsRefused(string command, string expected)
    {
        Data(10);
        var (exitCode, _, error) = await Ferml.RunAsync(string.Format(null, command, Folder.Root).Split(' '));
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public async Task Study_OnVotes_TrainsTowardsThem_AlsoByALaterWorker()
    {
        string[] study = ["--study", Folder.Path("study.db"), "--folder", Folder.Path("trials")];
        string[] run = [
            "experiment", "run", .. Data(160), "--annotation", "ferplus", "--preset", "tiny", "--search", "LearningRate=0.001..0.002",
            "--trials", "1", "--epochs", "1", .. study];
        var (exitCode, output, error) = await Ferml.RunAsync(run);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That((await Ferml.RunAsync(["experiment", "worker", .. study])).Output, Is.EqualTo(output), "all trials are done");
        await Ferml.RunAsync(["experiment", "best", "--out", Folder.Path("best.zip"), .. study]);
        var card = EmotionModel.Load(Folder.Path("best.zip")).Card!;
        Assert.That((card.Task, (string)card.Options!["votesMode"]!), Is.EqualTo(("eight", "probability")));
        (exitCode, _, error) = await Ferml.RunAsync(run.Where(word => word is not ("--annotation" or "ferplus")).ToArray());
        Assert.That(exitCode, Is.Not.Zero, "another annotation needs another study");
    }

    [Test]
    public async Task Calibrate_OnLabelsOfTheOtherAnnotation_IsRefused()
    {
        string[] command = ["calibrate", .. Data(40), "--usage", "PublicTest", "--out", Folder.Path("x.zip")];
        var (exitCode, _, error) = await Ferml.RunAsync([.. command, "--model", "ferplus-fast"]);
        Assert.That((exitCode, error.Contains("ferplus-fast was trained on FER+ labels", StringComparison.Ordinal)),
            Is.EqualTo((ExitCode.Failed, true)), error);
        (exitCode, _, error) = await Ferml.RunAsync([.. command, "--model", "fer7-fast", "--annotation", "ferplus"]);
        Assert.That((exitCode, error.Contains("load it without --annotation ferplus", StringComparison.Ordinal)),
            Is.EqualTo((ExitCode.Failed, true)), error);
        (exitCode, _, error) = await Ferml.RunAsync([.. command, "--model", "ferplus-fast", "--annotation", "ferplus"]);
        Assert.That(exitCode, Is.Zero, error);
    }

    /// <summary>Synthetic faces, the first four in PublicTest, with votes assigned cyclically.</summary>
    private string[] Data(int faces)
    {
        var drawn = SyntheticFaces.Create(70).Samples.Take(10).ToArray();
        var csv = Folder.Write("fer2013.csv", "emotion,pixels,Usage\n" + string.Concat(Enumerable.Range(0, faces).Select(i =>
            $"{(int)drawn[i % 7].Emotion},{string.Join(' ', drawn[i % 7].Pixels.ToArray())},{UsageOf(i)}\n")));
        var votes = Folder.Write("fer2013new.csv",
            "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
            + string.Concat(Enumerable.Range(0, faces).Select(i => $"{UsageOf(i)},fer{i:D7}.png,{Votes[i % Votes.Length]}\n")));
        return ["--data", csv, "--votes", votes];

        static string UsageOf(int i) => i < 4 ? "PublicTest" : "Training";
    }
}
