using FerMl.Training.Onnx;

namespace FerMl.Training;

/// <summary>Weights of an earlier training to begin with: those of a run's checkpoint, or those of a saved model.</summary>
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
    /// The weights of a saved model. Models from before <see cref="ModelCard.HeldOut"/> don't say what was held out: it is drawn afresh.
    /// </summary>
    public static InitialWeights FromModel(EmotionModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Model(model);
    }

    /// <summary>What the earlier training held out, by <see cref="TrainingSet.KeyOf(int)"/>; null where that isn't known.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    internal abstract IReadOnlySet<string>? HeldOut { get; }

    /// <summary>Gives a network the weights.</summary>
    /// <exception cref="CheckpointException">There is no checkpoint, or it is of another network.</exception>
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
