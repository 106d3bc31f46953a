using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace FerMl;

/// <summary>
/// Maps images to pixel values, for image columns of any size. It works around ML.NET's check of a custom mapping's input, which only
/// accepts the exact type object that the mapping declared.
/// </summary>
internal sealed class FacePixelsEstimator(TransformsCatalog catalog) : IEstimator<ITransformer>
{
    private const string Image = nameof(FacePixelsMapping.Input.Image);

    // The largest side of square images that a model loaded from a file accepts.
    private const int MaxResized = 512;

    private static readonly IDataView Declared = new MLContext().Data.LoadFromEnumerable(Array.Empty<FacePixelsMapping.Input>());

    /// <summary>
    /// Registers the image column types of LoadImages and ResizeImages with ML.NET. The sizes are registered in advance, because a loaded
    /// model's only hook is the first use of its mapping, before it has any data.
    /// </summary>
    public static void RegisterUsualSizes()
    {
        DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), new ImageTypeAttribute());
        for (var side = 1; side <= MaxResized; side++)
            new ImageTypeAttribute(side, side).Register();
    }

    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema.GetColumnOrNull(Image) is not { } column)
            throw new ArgumentException($"There is no column '{Image}'; name the column of images in FacePixels.", nameof(input));
        if (column.Type is not ImageDataViewType type)
            throw new ArgumentException($"The column '{Image}' is of type {column.Type}; FacePixels takes images.", nameof(input));
        if (type.Width > 0)
            new ImageTypeAttribute(type.Height, type.Width).Register();
        return catalog.CustomMapping<FacePixelsMapping.Input, FacePixelsMapping.Output>(FacePixelsMapping.Map, FacePixelsMapping.Contract)
            .Fit(Declared);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        // ML.NET's own ExtractPixels checks the column and adds the same output column.
        return catalog.ExtractPixels(nameof(FacePixelsMapping.Output.Pixels), Image).GetOutputSchema(inputSchema);
    }
}
