using System.Security;
using System.Text;
using OxyPlot;

namespace FerMl.Reporting;

/// <summary>Writes a plot as SVG.</summary>
internal static class PlotSvg
{
    /// <param name="model">The plot.</param>
    /// <param name="title">The title for screen readers.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    public static string Of(PlotModel model, string title, int width, int height)
    {
        using var svg = new MemoryStream();
        new SvgExporter { Width = width, Height = height, TextMeasurer = new WideText() }.Export(model, svg);
        var text = Encoding.UTF8.GetString(svg.ToArray()).TrimStart('\uFEFF');
        return text.Insert(text.IndexOf("<svg ", StringComparison.Ordinal) + "<svg ".Length,
            $"role=\"img\" aria-label=\"{SecurityElement.Escape(PlainText.Clean(title))}\" ");
    }
}
