using OxyPlot;

namespace FerMl.Reporting;

/// <summary>
/// Measures text for chart layout. The font of the viewer is unknown, so the widths are those of a wide one, DejaVu Sans: no text overlaps
/// another or the edge.
/// </summary>
internal sealed class WideText : RenderContextBase
{
    // Mean advance of DejaVu Sans over English text, in ems, regular and bold.
    private const double Regular = 0.61;
    private const double Bold = 0.69;
    private const double LineHeight = 1.2;

    public override OxySize MeasureText(string text, string? fontFamily = null, double fontSize = 10, double fontWeight = 500)
    {
        if (string.IsNullOrEmpty(text))
            return OxySize.Empty;
        var lines = text.Split('\n');
        return new OxySize(lines.Max(line => line.Length) * WidthOf(fontSize, fontWeight > FontWeights.Normal),
            lines.Length * LineHeight * fontSize);
    }

    /// <summary>Width of a character in pixels.</summary>
    public static double WidthOf(double fontSize, bool isBold) => fontSize * (isBold ? Bold : Regular);

    // Chart layout only needs sizes; the exporter draws.
    public override int ClipCount => 0;

    public override void PushClip(OxyRect clippingRectangle) => throw new NotSupportedException();

    public override void PopClip() => throw new NotSupportedException();

    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[] dashArray,
        LineJoin lineJoin) => throw new NotSupportedException();

    public override void DrawPolygon(
        IList<ScreenPoint> points, OxyColor fill, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode,
        double[] dashArray, LineJoin lineJoin) => throw new NotSupportedException();

    public override void DrawText(
        ScreenPoint p, string text, OxyColor fill, string fontFamily, double fontSize, double fontWeight, double rotate,
        HorizontalAlignment horizontalAlignment, VerticalAlignment verticalAlignment, OxySize? maxSize) =>
            throw new NotSupportedException();
}
