using Microsoft.ML;
using Microsoft.ML.Data;

namespace FerMl.Training;

/// <summary>
/// A trained network as an ML.NET transformer: adds <c>Score</c> and <c>PredictedLabel</c>. Everything, saving included, is done by
/// ML.NET's own transforms, so the saved file needs neither this class nor TorchSharp to be opened.
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

    /// <summary>A report for each epoch that was trained.</summary>
    public IReadOnlyList<EpochReport> History { get; }

    /// <summary>
    /// The network as an ONNX file: <c>Pixels</c> [batch, 1, 48, 48], pixel values 0..255, to <c>Score</c> [batch, labels].
    /// </summary>
    public ReadOnlyMemory<byte> Onnx => _onnx;

    /// <summary>
    /// The network as it was trained, in single or half precision: another than <see cref="Onnx"/> where that computes in int8
    /// (<see cref="WeightFormat.Int8"/>). What <see cref="EmotionModel.TrainedOnnx"/> keeps.
    /// </summary>
    public ReadOnlyMemory<byte> TrainedOnnx => _trained;

    /// <summary>The model's card: labels, network, options and how the training went. What data it was, only the caller knows.</summary>
    /// <param name="data">The data, or null.</param>
    public ModelCard CreateCard(ModelData? data = null) => _card with { Data = data };

    bool ITransformer.IsRowToRowMapper => _scoring.IsRowToRowMapper;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _scoring.GetOutputSchema(inputSchema);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was disposed of before.</exception>
    public IDataView Transform(IDataView input)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _scoring.Transform(input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _scoring.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _scoring.Save(ctx);

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        (_scoring as IDisposable)?.Dispose();
    }
}
