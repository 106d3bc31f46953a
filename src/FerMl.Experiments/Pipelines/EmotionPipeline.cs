using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// A pipeline from labeled faces to a model, with options to search: a classifier on the embeddings of a trained model, fine-tuning of a
/// trained network, or a network from scratch. Studies compare pipelines (<see cref="EmotionExperiment.SetPipelines"/>).
/// </summary>
public abstract class EmotionPipeline
{
    private protected EmotionPipeline(string name, string description, SearchSpace space, params (string Name, string Value)[] first)
    {
        (Name, Description, Space) = (name, description, space);
        First = new Configuration(first.Select(value => KeyValuePair.Create(value.Name, value.Value)));
    }

    /// <summary>Its name in studies, such as <c>lbfgs(ferplus)</c>.</summary>
    public string Name { get; }

    /// <summary>A description in one sentence.</summary>
    public string Description { get; }

    /// <summary>The search space of its options; empty if there are none.</summary>
    public SearchSpace Space { get; }

    /// <summary>The values of its first trial.</summary>
    public Configuration First { get; }

    /// <summary>
    /// A trained model as is, with its classifier restricted to the task's labels. It fails if the model lacks one of them.
    /// </summary>
    /// <param name="model">A pretrained model's name, or the path of a model file; not an ensemble.</param>
    public static EmotionPipeline AsIs(string model) => new AsIsPipeline(model);

    /// <summary>
    /// Retrains the last layer of a trained network: softmax regression on its embeddings, initialized with the trained layer and
    /// regularized toward it (a Gaussian prior). If the model has none of the task's labels, it is regularized toward 0.
    /// </summary>
    /// <inheritdoc cref="AsIs" path="/param"/>
    public static EmotionPipeline Head(string model) => new HeadPipeline(model);

    /// <summary>ML.NET's maximum entropy classifier on embeddings, fitted by L-BFGS.</summary>
    /// <param name="model">A pretrained model's name, or the path of a model file.</param>
    public static EmotionPipeline Lbfgs(string model) => new LbfgsPipeline(model);

    /// <summary>ML.NET's maximum entropy classifier on embeddings, fitted by stochastic dual coordinate ascent.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline Sdca(string model) => new SdcaPipeline(model);

    /// <summary>LightGBM's boosted trees on embeddings, one label against the rest.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline LightGbm(string model) => new TreePipeline(model, isLightGbm: true);

    /// <summary>ML.NET's FastTree on embeddings, one label against the rest.</summary>
    /// <inheritdoc cref="Lbfgs" path="/param"/>
    public static EmotionPipeline FastTree(string model) => new TreePipeline(model, isLightGbm: false);

    /// <summary>Fine-tunes all layers of a trained network, with augmentation.</summary>
    /// <param name="model">A pretrained model's name, or the path of a model file; its network must be one of the presets.</param>
    public static EmotionPipeline FineTune(string model) => new NetworkPipeline($"fine-tune({model})", model, null);

    /// <summary>Trains a network from random weights.</summary>
    /// <param name="preset">The network.</param>
    public static EmotionPipeline FromScratch(NetworkPreset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        return new NetworkPipeline($"scratch({preset.Name})", null, preset);
    }

    /// <summary>
    /// The pipelines that suit the number of faces, quickest first: classifiers on the embeddings of <c>ferplus</c>, fine-tuning of
    /// <c>ferplus-fast</c> and <c>ferplus</c>, and with 1,000 or more faces a small network from scratch. LightGBM is omitted if its native
    /// library can't be loaded; on Linux it needs the package libgomp1.
    /// </summary>
    /// <param name="faces">Number of faces, at least 1.</param>
    /// <param name="labels">The labels. If some aren't emotions of FER+, the model as is is omitted.</param>
    public static IReadOnlyList<EmotionPipeline> Suited(int faces, IReadOnlyList<string> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(faces, 1);
        ArgumentNullException.ThrowIfNull(labels);
        const string model = "ferplus";
        return [
            .. labels.All(EmotionTask.Eight.Labels.Contains) ? (EmotionPipeline[])[AsIs(model)] : [],
            Head(model), Lbfgs(model), Sdca(model),
            .. TreePipeline.HasLightGbm ? (EmotionPipeline[])[LightGbm(model)] : [],
            FastTree(model), FineTune("ferplus-fast"), FineTune(model),
            .. faces >= MinFromScratch ? (EmotionPipeline[])[FromScratch(NetworkPreset.Tiny)] : [],
        ];
    }

    private const int MinFromScratch = 1_000;

    /// <summary>Fits the pipeline.</summary>
    /// <param name="data">The faces.</param>
    /// <param name="training">Indices of the faces to fit to.</param>
    /// <param name="values">The values of <see cref="Space"/>.</param>
    /// <param name="seed">The random seed.</param>
    /// <param name="isFinal">Whether this is the final model, for which more time may be spent on a smaller and faster file.</param>
    /// <param name="cancellationToken">Cancels the fit.</param>
    internal abstract FittedPipeline Fit(
        PipelineData data, int[] training, Configuration values, int seed, bool isFinal, CancellationToken cancellationToken);
}
