namespace FerMl.Experiments;

/// <summary>A fitted pipeline.</summary>
internal abstract class FittedPipeline : IDisposable
{
    /// <summary>Number of fitted parameters.</summary>
    public abstract long Parameters { get; }

    /// <summary>The logits of faces, one row per face and one column per label of the task.</summary>
    /// <param name="faces">Indices of the faces in the data.</param>
    public abstract IReadOnlyList<float[]> Logits(IReadOnlyList<int> faces);

    /// <summary>Saves it as a model file.</summary>
    /// <param name="calibration">The temperature that divides the logits, and the number of faces it was fitted to.</param>
    /// <param name="data">The training data, for the model card.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    public abstract void Save(ModelCalibration calibration, ModelData data, string path);

    public virtual void Dispose()
    {
    }
}
