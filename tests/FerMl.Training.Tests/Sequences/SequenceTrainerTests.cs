using System.ComponentModel.DataAnnotations;
using FerMl.Tests;
using Microsoft.ML;

namespace FerMl.Training.Tests;

public class SequenceTrainerTests : FolderTests
{
    private const int Frames = 8;

    private static readonly ClipDataset Clips = SyntheticClips.Create(700, frames: 16, seed: 3);
    private static readonly EmotionModel Fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
    private static readonly SequenceTrainerOptions Quick = new() { Epochs = 25, LearningRate = 0.004 };

    [Test]
    public void Execute_LearnsWhatTheMeanOfTheFramesHides_AndItsFileDoesAllThatModelsDo()
    {
        var card = SequenceRun.Execute(Fast, Clips, Folder.Root, Quick, Frames);
        using var predictor = ClipPredictor.Load(Folder.Path("model.zip"));
        Assert.That((predictor.Frames, predictor.Labels), Is.EqualTo((Frames, Fast.Labels)));
        var result = ClipEvaluation.Run(predictor, SyntheticClips.Create(140, frames: 16, seed: 4));
        Assert.That(result.Sequence.Accuracy, Is.GreaterThan(0.45).And.GreaterThan(result.Average.Accuracy + 0.15));
        Assert.That(
            result.OnlySequence - result.OnlyAverage,
            Is.EqualTo(Math.Round(result.Sequence.Count * (result.Sequence.Accuracy - result.Average.Accuracy))));

        // Its prediction for a frame is that of the model that it is based on.
        var clip = Clips.Clips[5].ReadFrames(Frames);
        using var single = Fast.CreatePredictor();
        var prediction = predictor.Predict([.. clip.Select(frame => new GrayImage(frame, FaceResampler.Side, FaceResampler.Side))]);
        Assert.That(prediction.Frames, Has.Length.EqualTo(Frames));
        for (var i = 0; i < Frames; i++)
            Assert.That(prediction.Frames[i].Scores.Select(score => score.Score),
                Is.EqualTo(single.Predict(clip[i], FaceResampler.Side, FaceResampler.Side).Scores.Select(score => score.Score))
                    .Within(1e-3f));
        Assert.That(prediction.Average.Scores[2].Score,
            Is.EqualTo(prediction.Frames.Average(frame => frame.Scores[2].Score)).Within(1e-5f));
        Assert.That(prediction.Emotion.Scores.Sum(score => score.Score), Is.EqualTo(1).Within(1e-5));

        // ML.NET loads it and gives the same scores.
        var mlContext = new MLContext();
        var model = EmotionModel.Load(Folder.Path("model.zip"));
        Assert.That(model.IsClipModel);
        var engine = mlContext.Model.CreatePredictionEngine<ClipRow, ScoredFace>(
            model.LoadTransformer(mlContext), inputSchemaDefinition: ClipDataCatalog.SchemaOf(Frames));
        var scored = engine.Predict(new ClipRow { Pixels = [.. clip.SelectMany(frame => frame, (_, level) => (float)level)] });
        Assert.That(scored.Score, Is.EqualTo(prediction.Emotion.Scores.Select(score => score.Score)).Within(1e-5f));
        Assert.That(scored.PredictedLabel, Is.EqualTo(prediction.Emotion.Label));

        Assert.That(model.Card!.Network, Is.EqualTo("sequence of 8 frames, each seen by fast"));
        Assert.That(card.Data!.Count, Is.EqualTo(560));
        Assert.That(card.Calibration!.Faces, Is.EqualTo(84));
        Assert.That(File.ReadAllLines(Folder.Path("history.jsonl")), Has.Length.EqualTo(25));
        Assert.That(() => model.CreatePredictor(), Throws.TypeOf<EmotionModelException>().With.Message.Contains("clips of 8 frames"));
        Assert.That(() => SequenceRun.Execute(Fast, Clips, Folder.Root, Quick, Frames), Throws.InstanceOf<IOException>());
        Assert.That(model.Card.Quantization, Is.EqualTo(Fast.Card!.Quantization).And.Not.Null);

        // Operations for models of single faces refuse it.
        foreach (var use in (Action[])[
            () => ModelQuantizer.Save(model, TrainingData.Faces, Folder.Path("a.zip")),
            () => ModelCalibrator.Save(model, TrainingData.Faces, Folder.Path("b.zip")),
            () => ModelEnsemble.Save([model, model], Folder.Path("c.zip"))])
            Assert.That(use, Throws.TypeOf<EmotionModelException>().With.Message.Contains("classifies clips"));
    }

    [Test]
    public void Fit_InAPipeline_IsScoredByMlNet_AndEqualSeedsGiveEqualModels()
    {
        var mlContext = new MLContext(1);
        var rows = mlContext.Data.LoadFromClips(Clips.Limit(70), Frames);
        rows = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven).Fit(rows).Transform(rows);
        var reports = new List<EpochReport>();
        var trainers = mlContext.MulticlassClassification.Trainers;
        EmotionTransformer Fit(EmotionModel model) => trainers
            .EmotionSequence(model, Quick with { Epochs = 2, EpochProgress = new Immediate(reports) }).Fit(rows);
        using var first = Fit(Fast);
        using var second = Fit(Fast);
        Assert.That(second.Onnx.ToArray(), Is.EqualTo(first.Onnx.ToArray()));
        Assert.That(reports.Select(report => report.Epoch), Is.EqualTo(new[] { 1, 2, 1, 2 }));
        var metrics = mlContext.MulticlassClassification.Evaluate(first.Transform(rows));
        Assert.That(metrics.LogLoss, Is.InRange(0.1, 4));

        // Without a BiLSTM, the order of the frames doesn't matter; with one, it does.
        using var unordered = trainers.EmotionSequence(Fast, Quick with { Epochs = 2, HasBiLstm = false }).Fit(rows);
        byte[][] forwards = [.. Clips.Clips[8].ReadFrames(Frames)];
        byte[][] shuffled = [.. forwards.Index().OrderBy(frame => frame.Index * 5 % 8).Select(frame => frame.Item)];
        Assert.That(Scores(unordered, shuffled), Is.EqualTo(Scores(unordered, forwards)).Within(2e-6f));
        Assert.That(Scores(first, shuffled), Is.Not.EqualTo(Scores(first, forwards)).Within(1e-5f));

        // With flip TTA, a face and its mirror image give the same scores.
        using var views = Fit(With(TestTimeAugmentation.Flip));
        using var single = Fit(With(TestTimeAugmentation.None));
        byte[][] mirrored = Array.ConvertAll(forwards, frame => frame.Chunk(FaceResampler.Side).SelectMany(row => row.Reverse()).ToArray());
        Assert.That(Scores(views, mirrored), Is.EqualTo(Scores(views, forwards)).Within(1e-5f));
        Assert.That(Scores(single, mirrored), Is.Not.EqualTo(Scores(single, forwards)).Within(1e-3f), "without TTA they differ");
    }

    private EmotionModel With(TestTimeAugmentation views)
    {
        var path = Folder.Path($"{views}.zip");
        TestTimeAugmenter.Save(Fast, views, TrainingData.Faces, path);
        return EmotionModel.Load(path);
    }

    private static float[] Scores(EmotionTransformer model, byte[][] frames)
    {
        using var network = EmotionNetwork.Open(model.Onnx.ToArray(), "clips");
        return network.ScoreClip([.. frames.SelectMany(frame => frame, (_, level) => (float)level)]).Scores;
    }

    [Test]
    public void Execute_OfStills_HoldsOutThoseThatTheModelHasNotSeen()
    {
        var single = TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = TrainingData.Faces,
            Preset = NetworkPreset.Tiny,
            Training = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2 },
            OutputFolder = Folder.Path("single"),
        });
        string[] unseen = [.. EmotionModel.Load(single.ModelPath).Card!.HeldOut];
        var clips = new ClipDataset("stills", [.. Clips.Clips.Take(49).Select((clip, i) =>
            new FaceClip(clip.Name, clip.Emotion, Usage.Training, () => clip.ReadFrames(2)) { StillKey = i < 14 ? unseen[i] : $"{i}" })]);
        var card = SequenceRun.Execute(
            EmotionModel.Load(single.ModelPath), clips, Folder.Path("clips"), Quick with { Epochs = 1 }, frames: 2);
        Assert.That(card.Calibration!.Faces, Is.EqualTo(14));
    }

    [Test]
    public void Execute_AClipThatCantBeRead_IsNamed()
    {
        var clips = new ClipDataset("clips", [.. Clips.Clips.Take(20), new FaceClip(
            "the bad one", Emotion.Happy, Usage.Training, () => throw new FaceImageException("cut short"))]);
        Assert.That(() => SequenceRun.Execute(Fast, clips, Folder.Root, Quick, Frames),
            Throws.TypeOf<FerDataException>().With.Message.EqualTo("the bad one: cut short"));
    }

    [Test]
    public void Fit_WhatDoesNotSuit_IsSaid()
    {
        var mlContext = new MLContext(1);
        var rows = mlContext.Data.LoadFromClips(Clips.Limit(21), 2);
        var keyed = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Seven).Fit(rows).Transform(rows);
        var trainers = mlContext.MulticlassClassification.Trainers;
        Assert.That(() => trainers.EmotionSequence(Fast).Fit(rows), Throws.ArgumentException.With.Message.Contains("MapEmotionToKey"));
        Assert.That(() => trainers.EmotionSequence(Fast, Quick with { FeatureColumnName = "None" }).Fit(keyed),
            Throws.ArgumentException.With.Message.Contains("no column 'None'"));
        Assert.That(() => trainers.EmotionSequence(EmotionModel.LoadPretrained(PretrainedModel.Three)).Fit(keyed),
            Throws.ArgumentException.With.Message.Contains("take a model of the same labels"));
        Assert.That(() => trainers.EmotionSequence(Fast, Quick with { Dropout = 1 }), Throws.TypeOf<ValidationException>());
        ModelEnsemble.Save([Fast, Fast], Folder.Path("ensemble.zip"));
        Assert.That(() => trainers.EmotionSequence(EmotionModel.Load(Folder.Path("ensemble.zip"))).Fit(keyed),
            Throws.TypeOf<EmotionModelException>().With.Message.Contains("ensemble.zip: it doesn't have exactly one classifier"));
        Assert.That(() => ClipPredictor.Of(Fast), Throws.TypeOf<EmotionModelException>().With.Message.Contains("single faces"));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.That(() => trainers.EmotionSequence(Fast, Quick with { CancellationToken = stopped.Token }).Fit(keyed),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class Immediate(List<EpochReport> reports) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => reports.Add(value);
    }
}
