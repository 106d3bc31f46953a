using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>Initial weights from an earlier training: from a run's checkpoint, or from a saved model.</summary>
public abstract class InitialWeights
{
    private InitialWeights(string name) => Name = name;

    /// <summary>Name of the run or model, for the card.</summary>
    public string Name { get; }

    /// <summary>The best weights of a run.</summary>
    /// <param name="folder">The run's folder, with its checkpoint.</param>
    public static InitialWeights FromRun(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new Run(new CheckpointFolder(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
    }

    /// <summary>
    /// The weights of a saved model. Older models lack <see cref="ModelCard.HeldOut"/>, so a new validation split is drawn.
    /// </summary>
    public static InitialWeights FromModel(EmotionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Model(model);
    }

    /// <summary>The faces that the earlier training held out, by <see cref="TrainingSet.KeyOf(int)"/>; null if unknown.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    internal abstract IReadOnlySet<string>? HeldOut { get; }

    /// <summary>Loads the weights into a network.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint, or it belongs to another network.</exception>
    /// <exception cref="TrainingException">The model is of another network.</exception>
    internal abstract void LoadInto(FaceNetwork network, string[] labels);

    private sealed class Run(CheckpointFolder folder, string name) : InitialWeights(name)
    {
        internal override IReadOnlySet<string> HeldOut => Checkpoints.HeldOutBy(folder);

        internal override void LoadInto(FaceNetwork network, string[] labels) => Checkpoints.LoadWeights(folder, network);
    }

    private sealed class Model(EmotionModel model) : InitialWeights(model.Name)
    {
        internal override IReadOnlySet<string>? HeldOut => model.Card?.HeldOut.ToHashSet();

        internal override void LoadInto(FaceNetwork network, string[] labels) => OnnxImporter.Import(model, network, labels);
    }
}
