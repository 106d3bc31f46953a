using System.Security.Cryptography;
using Microsoft.ML;

namespace FerMl.Training;

/// <summary>
/// A training on clips with its files: <c>model.zip</c>, <c>card.json</c> and <c>history.jsonl</c>. It takes seconds once the frames'
/// features are extracted, so it has no checkpoints.
/// </summary>
public static class SequenceRun
{
    /// <summary>Trains on the clips of <see cref="Usage.Training"/> and writes the files.</summary>
    /// <param name="model">A single-face model that isn't an ensemble; clips with other labels are ignored.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="options">The training options, or null for the defaults.</param>
    /// <param name="frames">Number of frames to use from each clip, 1 to 256.</param>
    /// <param name="overwrite">Whether to replace an earlier run in the folder.</param>
    /// <returns>The model's card.</returns>
    /// <exception cref="IOException">The folder contains an earlier run and may not be overwritten, or can't be written to.</exception>
    /// <exception cref="FerDataException">There are no training clips with the model's labels, or one can't be read.</exception>
    /// <exception cref="EmotionModelException">The model isn't a single-face model, or is an ensemble.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="TrainingException">The clips aren't suitable for training, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">Training was canceled.</exception>
    public static ModelCard Execute(
        EmotionModel model, ClipDataset clips, string folder, SequenceTrainerOptions? options = null, int frames = 16,
        bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new SequenceTrainerOptions();
        var mlContext = new MLContext(options.Seed);
        // Validates model and options before anything is written.
        _ = mlContext.MulticlassClassification.Trainers.EmotionSequence(model, options);
        var (modelPath, cardPath, historyPath) =
            (Path.Combine(folder, "model.zip"), Path.Combine(folder, "card.json"), Path.Combine(folder, RunHistory.FileName));
        var training = clips.Where(clip => clip.Usage == Usage.Training && model.Labels.Contains(clip.Emotion.ToLabel()));
        Directory.CreateDirectory(folder);
        using var onlyOne = FileLock.Take(folder);
        TrainingRun.MakeRoom(folder, overwrite);
        // The single-face model was trained on the other stills, so these must not select the best epoch.
        var unseen = model.Card?.HeldOut.ToHashSet() ?? [];
        var trainer = mlContext.MulticlassClassification.Trainers.EmotionSequence(model, options with
        {
            HeldOut = [.. training.Clips.Index().Where(clip => clip.Item.StillKey is { } key && unseen.Contains(key))
                .Select(clip => clip.Index)],
        });
        var hashes = new byte[training.Clips.Count][];
        var watched = new ClipDataset(training.Source, [.. training.Clips.Select((clip, i) => new FaceClip(
            clip.Name, clip.Emotion, clip.Usage, () =>
            {
                var read = clip.ReadFrames(frames);
                hashes[i] = SHA256.HashData([(byte)clip.Emotion, (byte)clip.Usage, .. read.SelectMany(frame => frame)]);
                return read;
            }))]);
        var rows = mlContext.Data.LoadFromClips(watched, frames);
        rows = mlContext.Transforms.Conversion.MapEmotionToKey(EmotionTask.Parse(string.Join(',', model.Labels))).Fit(rows).Transform(rows);
        using var network = trainer.Fit(rows);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData([.. hashes.SelectMany(hash => hash)]));
        var card = network.CreateCard(new ModelData(clips.Source, training.Clips.Count, fingerprint));
        ModelFile.SaveClipModel(network, card, modelPath, overwrite: true, frames);
        AtomicFile.WriteText(cardPath, card.ToJson() + "\n", overwrite: true);
        AtomicFile.WriteText(historyPath, string.Concat(network.History.Select(RunHistory.Line)), overwrite: true);
        return card;
    }
}
