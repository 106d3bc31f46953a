using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>
/// A trained network as an ML.NET transformer that adds <c>Score</c> and <c>PredictedLabel</c>. ML.NET's own transforms do all the work,
/// including saving, so loading the saved file requires neither this class nor TorchSharp.
/// </summary>
public sealed class EmotionTransformer : ITransformer, IDisposable
{
    private readonly ITransformer _scoring;
    private readonly byte[] _onnx;
    private readonly ReadOnlyMemory<byte> _trained;
    private readonly ModelCard _card;
    private bool _isDisposed;

    internal EmotionTransformer(
        ITransformer scoring, byte[] onnx, ReadOnlyMemory<byte> trained, IReadOnlyList<EpochReport> history, ModelCard card) =>
        (_scoring, _onnx, _trained, History, _card) = (scoring, onnx, trained, history, card);

    /// <summary>A report for each trained epoch.</summary>
    public IReadOnlyList<EpochReport> History { get; }

    /// <summary>
    /// The network as an ONNX file: <c>Pixels</c> [batch, 1, 48, 48], pixel values 0..255, to <c>Score</c> [batch, labels].
    /// </summary>
    public ReadOnlyMemory<byte> Onnx => _onnx;

    /// <summary>
    /// The network as trained, in float32 or float16. It differs from <see cref="Onnx"/> if that computes in int8
    /// (<see cref="WeightFormat.Int8"/>). <see cref="EmotionModel.TrainedOnnx"/> stores it.
    /// </summary>
    public ReadOnlyMemory<byte> TrainedOnnx => _trained;

    /// <summary>Creates the model's card: labels, network, options and training results. Only the caller knows the data.</summary>
    /// <param name="data">The data, or null.</param>
    public ModelCard CreateCard(ModelData? data = null) => _card with { Data = data };

    bool ITransformer.IsRowToRowMapper => _scoring.IsRowToRowMapper;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _scoring.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _scoring.Transform(input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _scoring.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _scoring.Save(ctx);

    /// <summary>Releases the network.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        (_scoring as IDisposable)?.Dispose();
    }
}
