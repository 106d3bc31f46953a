using FerMl.Training;

namespace FerMl.Experiments;

/// <summary>
/// A density over positions from 0 to 1, estimated from samples: a Gaussian kernel around each, as wide as the distance to its neighbors,
/// plus a uniform component for unexplored regions. For choices: the frequency of each value, with add-one smoothing.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly double[] _centres;
    private readonly double[] _widths;
    private readonly double[] _shares;

    /// <param name="places">The sampled positions.</param>
    /// <param name="choices">Number of values of a choice; 0 for a range.</param>
    public ParzenEstimator(double[] places, int choices)
    {
        _centres = [.. places.Order()];
        _shares = choices == 0 ? []
            : [.. Enumerable.Range(0, choices)
                .Select(c => (1.0 + places.Count(place => (int)(place * choices) == c)) / (places.Length + choices))];
        _widths = new double[_centres.Length];
        for (var i = 0; i < _centres.Length; i++)
        {
            var left = i == 0 ? _centres[i] : _centres[i] - _centres[i - 1];
            var right = i == _centres.Length - 1 ? 1 - _centres[i] : _centres[i + 1] - _centres[i];
            // Neither too narrow where trials are close together, nor wider than the range.
            _widths[i] = Math.Clamp(Math.Max(left, right), 1.0 / Math.Min(100, 1 + _centres.Length), 1);
        }
    }

    public double Draw(ref RandomStream random)
    {
        if (_shares.Length > 0)
        {
            var (left, choice) = (random.NextDouble(), 0);
            while (choice < _shares.Length - 1 && (left -= _shares[choice]) > 0)
                choice++;
            return (choice + 0.5) / _shares.Length;
        }
        var one = random.Below(_centres.Length + 1);
        if (one == _centres.Length)
            return random.NextDouble();
        while (true)
        {
            // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958; values outside the range are drawn again.
            var normal = NormalDistribution.Draw(random.NextDouble(), random.NextDouble());
            if (_centres[one] + _widths[one] * normal is >= 0 and <= 1 and var place)
                return place;
        }
    }

    public double DensityAt(double place)
    {
        if (_shares.Length > 0)
            return _shares[Math.Min(_shares.Length - 1, (int)(place * _shares.Length))];
        var sum = 1.0;
        for (var i = 0; i < _centres.Length; i++)
        {
            var distance = (place - _centres[i]) / _widths[i];
            sum += Math.Exp(-0.5 * distance * distance) / (_widths[i] * Math.Sqrt(2 * Math.PI));
        }
        return sum / (_centres.Length + 1);
    }
}
