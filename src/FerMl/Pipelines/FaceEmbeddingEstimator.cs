using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace FerMl;

/// <summary>Maps images or pixel values to embeddings; images are converted to pixel values first.</summary>
internal sealed class FaceEmbeddingEstimator(
    TransformsCatalog catalog, byte[] onnx, string outputColumnName, string inputColumnName) : IEstimator<ITransformer>
{
    private const string Pixels = nameof(FacePixelsMapping.Output.Pixels);

    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Schema.GetColumnOrNull(inputColumnName)
            ?? throw new ArgumentException(
                $"The data has no column '{inputColumnName}'; its columns are {string.Join(", ", input.Schema.Select(c => c.Name))}.",
                nameof(input));
        return Chain(column.Type is ImageDataViewType).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var isImage = inputSchema.Any(column => column.Name == inputColumnName && column.ItemType is ImageDataViewType);
        return Chain(isImage).GetOutputSchema(inputSchema);
    }

    private EstimatorChain<ITransformer> Chain(bool isImage)
    {
        var chain = new EstimatorChain<ITransformer>();
        if (isImage)
            chain = chain.Append(catalog.FacePixels(Pixels, inputColumnName));
        else if (inputColumnName != Pixels)
            chain = chain.Append<ITransformer>(catalog.CopyColumns(Pixels, inputColumnName));
        chain = chain.Append<ITransformer>(catalog.ApplyOnnxModel(
            [OnnxEmbedding.OutputName], [Pixels], new MemoryStream(onnx), gpuDeviceId: null, fallbackToCpu: true));
        return outputColumnName == OnnxEmbedding.OutputName ? chain
            : chain.Append<ITransformer>(catalog.CopyColumns(outputColumnName, OnnxEmbedding.OutputName));
    }
}
