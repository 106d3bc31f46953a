using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// A way from labeled faces to a model, with options to search: a classifier on the embeddings of a trained model, the fine-tuning of a
/// trained network, or a network from scratch. What a study of pipelines compares (<see cref="EmotionExperiment.SetPipelines"/>).
/// </summary>
public abstract class EmotionPipeline
{
    private protected EmotionPipeline(string name, string description, SearchSpace space, params (string Name, string Value)[] first)
    {
        (Name, Description, Space) = (name, description, space);
        First = new Configuration(first.Select(value => KeyValuePair.Create(value.Name, value.Value)));
    }

    /// <summary>What it is called in studies, such as <c>lbfgs(ferplus)</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public string Description { get; }

    /// <summary>The options that are searched; none where there is nothing to choose.</summary>
    public SearchSpace Space { get; }

    /// <summary>The values that are tried first.</summary>
    public Configuration First { get; }

    /// <summary>
    /// A trained model as it is, its classifier restricted to the task's labels. It fails where the model lacks one of them.
    /// </summary>
    /// <param name="model">A pretrained model's name, or the path of a model file; not an ensemble.</param>
    public static EmotionPipeline AsIs(string model) => new AsIsPipeline(model);

    /// <summary>
    /// The last layer of a trained network, fitted again: softmax regression on its embeddings that begins with the layer as it was trained
    /// and is drawn towards it (a Gaussian prior). Where the model lacks all labels of the task, it is drawn towards 0.
    /// </summary>
    /// <inheritdoc cref="AsIs" path="/param"/>
    public static EmotionPipeline Head(string model) => new HeadPipeline(model);

    /// <summary>ML.NET's maximum entropy classifier on embeddings, fitted by L-BFGS.</summary>
    /// <param name="model">A pretrained model's name, or the path of a model file.</param>
    public static EmotionPipeline Lbfgs(string model) => new LbfgsPipeline(model);

    /// <summary>ML.NET's maximum entropy classifier on embeddings, fitted by stochastic dual coordinate ascent.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline Sdca(string model) => new SdcaPipeline(model);

    /// <summary>LightGBM's boosted trees on embeddings, each label against the others.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline LightGbm(string model) => new TreePipeline(model, isLightGbm: true);

    /// <summary>ML.NET's FastTree on embeddings, each label against the others.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline FastTree(string model) => new TreePipeline(model, isLightGbm: false);

    /// <summary>All layers of a trained network, trained further with augmentation.</summary>
    /// <param name="model">A pretrained model's name, or the path of a model file, of one of the presets.</param>
    public static EmotionPipeline FineTune(string model) => new NetworkPipeline($"fine-tune({model})", model, null);

    /// <summary>A network from random weights.</summary>
    /// <param name="preset">The network.</param>
    public static EmotionPipeline FromScratch(NetworkPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        return new NetworkPipeline($"scratch({preset.Name})", null, preset);
    }

    /// <summary>
    /// The pipelines that suit so many faces, the quick ones first: classifiers on the embeddings of <c>ferplus</c>, fine-tuning of
    /// <c>ferplus-fast</c> and <c>ferplus</c>, and from 1,000 faces on a small network from scratch. LightGBM is left out where its native
    /// library can't be loaded; on Linux that needs the package libgomp1.
    /// </summary>
    /// <param name="faces">How many faces there are, at least 1.</param>
    /// <param name="labels">The labels; where some are none of FER+'s emotions, the model as it is isn't among them.</param>
    public static IReadOnlyList<EmotionPipeline> Suited(int faces, IReadOnlyList<string> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(faces, 1);
        ArgumentNullException.ThrowIfNull(labels);
        const string model = "ferplus";
        return [
            .. labels.All(EmotionTask.Eight.Labels.Contains) ? (EmotionPipeline[])[AsIs(model)] : [],
            Head(model), Lbfgs(model), Sdca(model),
            .. TreePipeline.IsLightGbmThere ? (EmotionPipeline[])[LightGbm(model)] : [],
            FastTree(model), FineTune("ferplus-fast"), FineTune(model),
            .. faces >= MinFromScratch ? (EmotionPipeline[])[FromScratch(NetworkPreset.Tiny)] : [],
        ];
    }

    private const int MinFromScratch = 1_000;

    /// <summary>Fits it.</summary>
    /// <param name="data">The faces.</param>
    /// <param name="training">Positions of those to fit to.</param>
    /// <param name="values">Values of <see cref="Space"/>.</param>
    /// <param name="seed">Seed of all that is drawn at random.</param>
    /// <param name="isFinal">Whether it is to be kept: then it may take longer for a smaller and quicker file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal abstract FittedPipeline Fit(
        PipelineData data, int[] training, Configuration values, int seed, bool isFinal, CancellationToken cancellationToken);
}
