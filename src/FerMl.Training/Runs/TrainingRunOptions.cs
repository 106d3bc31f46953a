using System.ComponentModel.DataAnnotations;

namespace FerMl.Training;

/// <summary>What <see cref="TrainingRun.Execute"/> trains, and where it writes.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The faces; training uses those of the usage Training.</summary>
    public required FerDataset Dataset { get; init; }

    /// <summary>The emotions. Default: FER2013's seven.</summary>
    public EmotionTask Task { get; init; } = EmotionTask.Seven;

    /// <summary>The network. Default: the paper's CNN-BiLSTM.</summary>
    public NetworkPreset Preset { get; init; } = NetworkPreset.PaperCnnBiLstm;

    /// <summary>The training options; null for the preset's. The run sets the checkpoint folder itself.</summary>
    public EmotionTrainerOptions? Training { get; init; }

    /// <summary>Maximum number of training faces, drawn stratified by label; null for all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>
    /// The folder for <c>model.zip</c>, <c>card.json</c>, <c>history.jsonl</c>, <c>events/</c> (for TensorBoard) and the checkpoints;
    /// created if it doesn't exist.
    /// </summary>
    public required string OutputFolder { get; init; }

    /// <summary>Whether to replace the files of an earlier run in the folder. Default: false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Called before training, when the folder is reserved for this run. Default: nothing.</summary>
    public Action? Started { get; init; }
}
