using System.Collections.Concurrent;

namespace FerMl.Experiments;

/// <summary>
/// The faces that pipelines are fitted to, and what several of them need: models, and embeddings of all faces. Thread-safe.
/// </summary>
internal sealed class PipelineData
{
    private readonly ConcurrentDictionary<string, Lazy<EmotionModel>> _models = [];
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<float[]>>> _embeddings = [];

    /// <param name="faces">The faces, all of the task.</param>
    /// <param name="task">The task.</param>
    public PipelineData(FerDataset faces, EmotionTask task)
    {
        (Faces, Task) = (faces, task);
        Labels = [.. faces.Samples.Select(face => task.Labels.IndexOf(face.Label))];
    }

    public FerDataset Faces { get; }
    public EmotionTask Task { get; }

    /// <summary>The label of each face, as its position in the task.</summary>
    public int[] Labels { get; }

    /// <summary>A model, by its name or path.</summary>
    /// <exception cref="EmotionModelException">There is none.</exception>
    public EmotionModel Model(string name) => _models.GetOrAdd(name, _ => new Lazy<EmotionModel>(() => EmotionModel.Find(name))).Value;

    /// <summary>The embeddings of all faces by a model, computed when they are first asked for.</summary>
    public IReadOnlyList<float[]> Embeddings(string model) => _embeddings.GetOrAdd(model, _ => new Lazy<IReadOnlyList<float[]>>(() =>
    {
        using var predictor = Model(model).CreatePredictor();
        return predictor.Embed(Faces);
    })).Value;
}
