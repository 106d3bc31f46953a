using System.Collections.Concurrent;

namespace FerMl.Experiments;

/// <summary>
/// The faces that pipelines are fitted to, with shared models and embeddings of all faces. Thread-safe.
/// </summary>
internal sealed class PipelineData
{
    private readonly ConcurrentDictionary<string, Lazy<EmotionModel>> _models = [];
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<float[]>>> _embeddings = [];

    /// <param name="faces">The faces, all with labels of the task.</param>
    /// <param name="task">The task.</param>
    public PipelineData(FerDataset faces, EmotionTask task)
    {
        (Faces, Task) = (faces, task);
        Labels = [.. faces.Samples.Select(face => task.Labels.IndexOf(face.Label))];
    }

    public FerDataset Faces { get; }
    public EmotionTask Task { get; }

    /// <summary>The label of each face, as its index in the task.</summary>
    public int[] Labels { get; }

    /// <summary>Gets a model by name or path.</summary>
    /// <exception cref="EmotionModelException">The model doesn't exist.</exception>
    public EmotionModel Model(string name) => _models.GetOrAdd(name, _ => new Lazy<EmotionModel>(() => EmotionModel.Find(name))).Value;

    /// <summary>The embeddings of all faces by a model, computed on first use.</summary>
    public IReadOnlyList<float[]> Embeddings(string model) => _embeddings.GetOrAdd(model, _ => new Lazy<IReadOnlyList<float[]>>(() =>
    {
        using var predictor = Model(model).CreatePredictor();
        return predictor.Embed(Faces);
    })).Value;
}
