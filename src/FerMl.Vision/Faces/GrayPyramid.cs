namespace FerMl.Vision;

/// <summary>An image pyramid: a gray image and copies of half its size, a quarter and so on, made when first needed.</summary>
internal sealed class GrayPyramid(GrayImage image)
{
    private readonly List<GrayImage> _levels = [image];

    /// <summary>The copy at a level; level 0 is the image itself.</summary>
    public GrayImage this[int level]
    {
        get
        {
            while (_levels.Count <= level)
            {
                var last = _levels[^1];
                var (width, height) = (Math.Max(1, last.Width / 2), Math.Max(1, last.Height / 2));
                var pixels = new byte[width * height];
                GrayResizer.Resize(last.Pixels.Span, last.Width, last.Height, pixels, width, height);
                _levels.Add(new GrayImage(pixels, width, height));
            }
            return _levels[level];
        }
    }
}
