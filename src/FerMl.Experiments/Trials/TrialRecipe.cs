using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>What all trials have in common, regardless of their configuration.</summary>
public sealed record TrialRecipe
{
    /// <summary>The faces. Those with usage Training are trained and scored on.</summary>
    public required FerDataset Dataset { get; init; }

    /// <summary>
    /// The folder for the trials' models and checkpoints. Workers on several machines share it to resume each other's trials.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>The emotions. Default: FER2013's seven.</summary>
    public EmotionTask Task { get; init; } = EmotionTask.Seven;

    /// <summary>The network. Default: <c>fast</c>.</summary>
    public NetworkPreset Preset { get; init; } = NetworkPreset.Fast;

    /// <summary>The options that the search space doesn't set. Default: those of <c>fast</c>.</summary>
    public EmotionTrainerOptions Options { get; init; } = NetworkPreset.Fast.Defaults;

    /// <summary>The metric that scores trials. Default: accuracy.</summary>
    public StudyMetric Metric { get; init; }

    /// <summary>Trainings per trial; the score is their mean. 1 to 20. Default: 1.</summary>
    [Range(1, 20)]
    public int Seeds { get; init; } = 1;

    /// <summary>Maximum number of training faces, a stratified sample; null for all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>Seed of the validation split. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Creates the recipe of a study from its definition, its notes and these values.</summary>
    /// <param name="study">The study.</param>
    /// <param name="dataset">The faces.</param>
    /// <param name="folder">The folder for the trials.</param>
    /// <param name="preset">The network, or null for the one in the notes.</param>
    /// <param name="options">The options that aren't searched, or null for the preset's.</param>
    internal static TrialRecipe Of(
        StudyDefinition study, FerDataset dataset, string folder, NetworkPreset? preset = null, EmotionTrainerOptions? options = null)
    {
        preset ??= NetworkPreset.Find(study.Notes.GetValueOrDefault(StudyNotes.Preset, NetworkPreset.Fast.Name));
        return new TrialRecipe
        {
            Dataset = dataset,
            Folder = folder,
            Task = study.Notes.ContainsKey(StudyNotes.CustomLabels)
                ? EmotionTask.OfLabels(study.Notes.GetValueOrDefault(StudyNotes.Task, "").Split(','))
                : EmotionTask.Parse(study.Notes.GetValueOrDefault(StudyNotes.Task, EmotionTask.Seven.Name)),
            Preset = preset,
            Options = options ?? preset.Defaults,
            Metric = study.Metric,
            Seeds = study.Seeds,
            Limit = study.Notes.TryGetValue(StudyNotes.Limit, out var limit) ? int.Parse(limit, CultureInfo.InvariantCulture) : null,
            Seed = study.Seed,
        };
    }
}
