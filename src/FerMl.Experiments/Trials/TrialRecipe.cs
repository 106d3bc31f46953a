using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>What trials train, whatever their configuration.</summary>
public sealed record TrialRecipe
{
    /// <summary>The faces; those of the usage Training are trained and scored on.</summary>
    public required FerDataset Dataset { get; init; }

    /// <summary>The folder for the trials' models and checkpoints. Workers on several machines share it, so that they can go on with each other's trials.</summary>
    public required string Folder { get; init; }

    /// <summary>The emotions to tell apart. Default: all seven.</summary>
    public EmotionTask Task { get; init; } = EmotionTask.Seven;

    /// <summary>The network. Default: <c>fast</c>.</summary>
    public NetworkPreset Preset { get; init; } = NetworkPreset.Fast;

    /// <summary>The options that the search space doesn't set. Default: those of <c>fast</c>.</summary>
    public EmotionTrainerOptions Options { get; init; } = NetworkPreset.Fast.Defaults;

    /// <summary>What a trial is scored by. Default: accuracy.</summary>
    public StudyMetric Metric { get; init; }

    /// <summary>Trainings of a trial, whose mean is its score; at least 1. Default: 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The most training faces, drawn with the labels in proportion; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Seed by which faces to score on are drawn. Default: 0.</summary>
    public int Seed { get; init; }
}
