namespace FerMl.Experiments;

/// <summary>A pipeline that was fitted to faces.</summary>
internal abstract class FittedPipeline : IDisposable
{
    /// <summary>Number of parameters that were fitted.</summary>
    public abstract long Parameters { get; }

    /// <summary>The logits of faces, a row of the task's labels each.</summary>
    /// <param name="faces">Positions of the faces in the data.</param>
    public abstract IReadOnlyList<float[]> Logits(IReadOnlyList<int> faces);

    /// <summary>Saves it as a model file.</summary>
    /// <param name="calibration">The temperature to divide its logits by, and on how many faces it was fitted.</param>
    /// <param name="data">The faces that it was fitted to, for the card.</param>
    /// <param name="path">The file, which is replaced where it is there.</param>
    public abstract void Save(ModelCalibration calibration, ModelData data, string path);

    public virtual void Dispose()
    {
    }
}
