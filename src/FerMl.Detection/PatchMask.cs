using FerMl.Training;

namespace FerMl.Detection;

/// <summary>
/// The mask with which a patch is pasted into a scene: between an ellipse and a square, smooth or ragged, with a soft or a sharp edge. All
/// patches, faces or not, have masks from the same distribution, so that edges carry no information.
/// </summary>
internal readonly struct PatchMask
{
    private readonly double _width, _height, _squareness, _feather;
    private readonly double _c2, _s2, _c3, _s3, _c4, _s4;

    public PatchMask(ref RandomStream random)
    {
        _width = random.Between(0.8, 1.1);
        _height = random.Between(0.9, 1.15);
        _squareness = random.Below(4) switch { 0 => 1, 1 => random.NextDouble(), _ => 0 };
        _feather = random.Below(5) == 0 ? 0.03 : random.Between(0.08, 0.4);
        var ragged = random.Below(2) == 0 ? 0 : random.Between(0.03, 0.12);
        _c2 = ragged * random.Between(-1, 1);
        _s2 = ragged * random.Between(-1, 1);
        _c3 = ragged * random.Between(-1, 1);
        _s3 = ragged * random.Between(-1, 1);
        _c4 = ragged * random.Between(-1, 1);
        _s4 = ragged * random.Between(-1, 1);
    }

    /// <summary>Opacity of the patch at a position, 0..1; positions are -0.5..0.5 from its center.</summary>
    public float At(double x, double y)
    {
        var (p, q) = (2 * x / _width, 2 * y / _height);
        var round = Math.Sqrt(p * p + q * q);
        if (round < 1e-6)
            return 1;
        var square = Math.Max(Math.Abs(p), Math.Abs(q));
        var (c, s) = (p / round, q / round);
        var (c2, s2) = (c * c - s * s, 2 * c * s);
        var (c3, s3) = (c2 * c - s2 * s, c2 * s + s2 * c);
        var (c4, s4) = (c2 * c2 - s2 * s2, 2 * c2 * s2);
        var edge = 1 + _c2 * c2 + _s2 * s2 + _c3 * c3 + _s3 * s3 + _c4 * c4 + _s4 * s4;
        var share = Math.Clamp((edge - round - _squareness * (square - round)) / _feather, 0, 1);
        return (float)(share * share * (3 - 2 * share));
    }
}
