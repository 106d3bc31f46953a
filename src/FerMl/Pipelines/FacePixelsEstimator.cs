using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace FerMl;

/// <summary>
/// The step from images to pixel values, for image columns of any size: ML.NET's own check of a custom mapping's input takes only the
/// very type object that the mapping was declared with.
/// </summary>
internal sealed class FacePixelsEstimator(TransformsCatalog catalog) : IEstimator<ITransformer>
{
    private const string Image = nameof(FacePixelsMapping.Input.Image);

    // The largest side of square images that a model takes which was loaded from a file.
    private const int MaxResized = 512;

    private static readonly IDataView Declared = new MLContext().Data.LoadFromEnumerable(Array.Empty<FacePixelsMapping.Input>());

    /// <summary>
    /// Makes ML.NET read the image columns that LoadImages and ResizeImages make. A model loaded from a file has no hook but its
    /// mapping's first use, before any data is seen, so the usual sizes are named ahead.
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
        // ML.NET's own step from images to numbers checks the column and adds the same one.
        return catalog.ExtractPixels(nameof(FacePixelsMapping.Output.Pixels), Image).GetOutputSchema(inputSchema);
    }
}
