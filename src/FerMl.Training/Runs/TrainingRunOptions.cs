using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>What <see cref="TrainingRun.Execute"/> trains and where it writes.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The faces; those of the usage Training are trained on.</summary>
    public required FerDataset Dataset { get; init; }

    /// <summary>The emotions. Default: FER2013's seven.</summary>
    public EmotionTask Task { get; init; } = EmotionTask.Seven;

    /// <summary>The network. Default: the paper's CNN-BiLSTM.</summary>
    public NetworkPreset Preset { get; init; } = NetworkPreset.PaperCnnBiLstm;

    /// <summary>The training options; null for the preset's. The run sets the folder for checkpoints itself.</summary>
    public EmotionTrainerOptions? Training { get; init; }

    /// <summary>The most training faces, drawn with the labels in proportion; null for all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>
    /// The folder for <c>model.zip</c>, <c>card.json</c>, <c>history.jsonl</c>, <c>events/</c> (for TensorBoard) and the checkpoints; made
    /// where it is missing.
    /// </summary>
    public required string OutputFolder { get; init; }

    /// <summary>Whether the files of an earlier run there may be replaced. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Called once the folder is known to be free for this run, before training. Default: nothing.</summary>
    public Action? Started { get; init; }
}
